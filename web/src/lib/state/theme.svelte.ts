type Choice = 'system' | 'light' | 'dark';
const ORDER: Choice[] = ['system', 'light', 'dark'];

/** Light, dark, or as the system has it; kept on the device (static/theme.js reads it before the first paint). */
class Theme {
  chosen = $state<Choice>((localStorage.getItem('theme') as Choice | null) ?? 'system');

  next(): void {
    this.chosen = ORDER[(ORDER.indexOf(this.chosen) + 1) % ORDER.length]!;
    if (this.chosen === 'system') {
      localStorage.removeItem('theme');
      delete document.documentElement.dataset['theme'];
    } else {
      localStorage.setItem('theme', this.chosen);
      document.documentElement.dataset['theme'] = this.chosen;
    }
  }
}

export const theme = new Theme();
