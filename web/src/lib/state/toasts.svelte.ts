export type Toast = {
  id: number;
  tone: 'good' | 'bad' | 'plain';
  text: string;
  href?: string;
  link?: string;
};

const SHOWN_MS = 8_000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 0;

  show(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++;
    this.list.push({ ...toast, id });
    if (toast.tone !== 'bad') setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
