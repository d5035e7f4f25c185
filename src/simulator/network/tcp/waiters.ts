import type { Task } from '../../kernel';

/** Tasks that wait for a socket to change; woken all at once, they look again. */
export class Waiters {
  private wakes: (() => void)[] = [];

  get any(): boolean {
    return this.wakes.length > 0;
  }

  *wait(): Task {
    yield (waker) => {
      const wake = () => waker.resolve(undefined);
      this.wakes.push(wake);
      return () => {
        const index = this.wakes.indexOf(wake);
        if (index >= 0) this.wakes.splice(index, 1);
      };
    };
  }

  wake(): void {
    if (this.wakes.length === 0) return;
    const wakes = this.wakes;
    this.wakes = [];
    for (const wake of wakes) wake();
  }
}
