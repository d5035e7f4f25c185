import type { ITheme } from '@xterm/xterm';

const light: ITheme = {
  background: '#fffdf8', foreground: '#23201b', cursor: '#23201b', cursorAccent: '#fffdf8', selectionBackground: '#d9d0bb', selectionForeground: '#23201b',
  black: '#23201b', red: '#9a4a00', green: '#2f6650', yellow: '#7a5c00', blue: '#2f4f7d', magenta: '#6b3a6e', cyan: '#1f6470', white: '#575046',
  brightBlack: '#6d6455', brightRed: '#9a4a00', brightGreen: '#2f6650', brightYellow: '#7a5c00', brightBlue: '#2f4f7d', brightMagenta: '#6b3a6e', brightCyan: '#1f6470', brightWhite: '#23201b',
};

const dark: ITheme = {
  background: '#13110e', foreground: '#ece5d6', cursor: '#ece5d6', cursorAccent: '#13110e', selectionBackground: '#4a4336', selectionForeground: '#ece5d6',
  black: '#353027', red: '#f0a355', green: '#8fc3a6', yellow: '#d9be74', blue: '#9bb8e3', magenta: '#cfa3d2', cyan: '#8cc5cf', white: '#ece5d6',
  brightBlack: '#8f8675', brightRed: '#f0a355', brightGreen: '#8fc3a6', brightYellow: '#d9be74', brightBlue: '#9bb8e3', brightMagenta: '#cfa3d2', brightCyan: '#8cc5cf', brightWhite: '#ffffff',
};

/** The terminal's sixteen colours on paper or on ink; readable on both. */
export const terminalTheme = (mode: 'light' | 'dark'): ITheme => (mode === 'dark' ? dark : light);
