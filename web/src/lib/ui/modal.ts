import { pushState } from '$app/navigation';

/** Where the focus was when a dialog opened; it may be in a dialog that has closed since. */
const openers = new WeakMap<Element, Element | null>();
/** A button that is busy or gone loses the focus to the page: this is where it was. */
let lastFocus: Element | null = null;
addEventListener('focusin', ({ target }) => (lastFocus = target as Element));

type Opened = { readonly dialog: HTMLDialogElement; readonly close: () => void };
const opened: Opened[] = [];

/**
 * Dialogs and the Back of the browser:
 * 1) The first dialog that opens puts one entry on the history, which Back takes away: that closes the dialog on top.
 * 2) A dialog that follows another uses the same entry.
 * 3) When the last one closes in another way, its entry goes, too.
 * 4) A link in a dialog, or `goto(…, { replace: true })`, puts its page in the place of the entry, which is then not ours any more.
 */
const isOurs = (): boolean => JSON.stringify(history.state ?? '').includes('dialog');
let entering: Promise<void> | undefined;
let leaving: { readonly gone: Promise<void>; readonly say: () => void } | undefined;

addEventListener('popstate', () => {
  if (leaving !== undefined) {
    leaving.say();
    leaving = undefined;
    return;
  }
  const top = opened.at(-1);
  if (top === undefined || entering === undefined) return;
  entering = undefined;
  top.close();
  if (opened.length > 1) enter();
});

const enter = (): void =>
  void (entering ??= Promise.resolve(leaving?.gone).then(() => pushState('', { dialog: true })));

function leave(): void {
  const pushed = entering;
  void pushed?.then(() => {
    if (opened.length > 0 || entering !== pushed) return;
    entering = undefined;
    if (!isOurs()) return;
    const { promise: gone, resolve: say } = Promise.withResolvers<void>();
    leaving = { gone, say };
    history.back();
  });
}

/**
 * Opens a modal dialog. The browser keeps the focus inside it, and Escape closes it; but it gives the focus back only to what
 * is closed, not to what is taken out of the page: so whoever takes it out calls what is returned.
 * @param close Takes it out, when somebody goes back.
 */
export function openModal(dialog: HTMLDialogElement, close: () => void): () => void {
  const active = document.activeElement;
  openers.set(dialog, active === document.body ? lastFocus : active);
  dialog.showModal();
  const entry = { dialog, close };
  opened.push(entry);
  enter();
  return () => {
    opened.splice(opened.indexOf(entry), 1);
    leave();
    if (dialog.isConnected) dialog.close();
    let opener = openers.get(dialog);
    while (opener && !opener.isConnected) {
      const before = opener.closest('dialog');
      opener = before && openers.get(before);
    }
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body;
    if (isElsewhere) return;
    if (opener instanceof HTMLElement) opener.focus();
    else document.getElementById('main')?.focus({ preventScroll: true });
  };
}
