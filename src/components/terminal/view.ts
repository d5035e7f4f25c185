import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { Session } from '../bench/session';

export interface TerminalView {
  /** As if it were typed; the terminal then has the focus. */
  type(text: string): void;
  setTheme(theme: ITheme): void;
  dispose(): void;
}

export interface TerminalViewOptions {
  readonly label: string;
  readonly theme: ITheme;
  readonly onEnd: (exitCode: number) => void;
}

const font = '"Dojang Mono"';
const fontSize = 14;

/** Widths are measured once, so the font must be there: Latin and the most common Hangul; the rest come as they are shown. */
async function fontsLoaded(): Promise<void> {
  await Promise.all([document.fonts.load(`${fontSize}px ${font}`, 'A─'), document.fonts.load(`${fontSize}px ${font}`, '가')]).catch(() => []);
}

/** Ctrl-C copies when something is selected, Ctrl-V pastes, Ctrl-Enter grades; everything else belongs to the shell. */
function browserKeys(terminal: Terminal): void {
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown' || event.altKey || !(event.ctrlKey || event.metaKey)) return true;
    const key = event.key.toLowerCase();
    if (key === 'v' || key === 'enter') return false;
    if (key === 'c' && terminal.hasSelection()) {
      void navigator.clipboard.writeText(terminal.getSelection()).then(() => terminal.clearSelection());
      event.preventDefault();
      return false;
    }
    return true;
  });
}

/**
 * Text that comes without a key (dictation, an emoji picker, assistive devices): the terminal itself takes it only when
 * it is not in its mode for screen readers.
 */
function keylessInput(terminal: Terminal, textarea: HTMLTextAreaElement): void {
  let key = false;
  let composing = false;
  textarea.addEventListener('keydown', () => (key = true));
  textarea.addEventListener('keyup', () => (key = false));
  textarea.addEventListener('compositionstart', () => (composing = true));
  textarea.addEventListener('compositionend', () => setTimeout(() => (composing = false), 0));
  textarea.addEventListener('input', (event) => {
    if (!(event instanceof InputEvent) || event.inputType !== 'insertText' || !event.data || event.isComposing || composing || key) return;
    terminal.input(event.data);
    textarea.value = '';
  });
}

/** Puts a terminal with a new shell into the element. The shell's own terminal discipline does the rest. */
export async function openTerminalView(element: HTMLElement, session: Session, options: TerminalViewOptions): Promise<TerminalView> {
  await fontsLoaded();
  // Drawn as DOM, not with WebGL: letters that come from a font piece loaded later redraw, and cells stay exact.
  const terminal = new Terminal({ allowProposedApi: true, cursorBlink: false, fontFamily: `${font}, monospace`, fontSize, lineHeight: 1.25, scrollback: 5000, theme: options.theme, screenReaderMode: true, minimumContrastRatio: 4.5 });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.loadAddon(new WebLinksAddon());
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', options.label);
  if (terminal.textarea !== undefined) keylessInput(terminal, terminal.textarea);
  browserKeys(terminal);
  fit.fit();

  // The cluster waits for what it has printed to be drawn. A terminal that is closed draws no more, and must not keep it waiting.
  const drawing = new Set<() => void>();
  const draw = (data: Uint8Array): Promise<void> => new Promise((resolve) => {
    const drawn = (): void => {
      drawing.delete(drawn);
      resolve();
    };
    drawing.add(drawn);
    terminal.write(data, drawn);
  });
  const opened = session.openTerminal(terminal.cols, terminal.rows, (data) => {
    if (data instanceof Uint8Array) return draw(data);
    options.onEnd(data.exitCode);
    return undefined;
  });
  // Keys that come before the shell is there wait for it.
  const withShell = (use: (shell: number) => void): void => void opened.then(use);
  terminal.onData((data) => withShell((shell) => session.writeTerminal(shell, data)));
  terminal.onResize(({ cols, rows }) => withShell((shell) => session.resizeTerminal(shell, cols, rows)));
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit();
  });
  observer.observe(element);

  return {
    type: (text) => {
      terminal.input(text);
      terminal.focus();
    },
    setTheme: (theme) => {
      terminal.options.theme = theme;
    },
    dispose: () => {
      observer.disconnect();
      withShell((shell) => session.closeTerminal(shell));
      terminal.dispose();
      for (const drawn of [...drawing]) drawn();
    },
  };
}
