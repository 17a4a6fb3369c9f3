/** Where the focus was when a dialog opened; it may be in a dialog that has closed since. */
const openers = new WeakMap<Element, Element | null>();

/**
 * Opens a modal dialog. The browser keeps the focus inside it, and Escape closes it; but it gives the focus back only to what
 * is closed, not to what is taken out of the page: so whoever takes it out calls what is returned.
 */
export function openModal(dialog: HTMLDialogElement): () => void {
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  return () => {
    if (dialog.isConnected) dialog.close();
    let opener = openers.get(dialog);
    while (opener && !opener.isConnected) {
      const before = opener.closest('dialog');
      opener = before && openers.get(before);
    }
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body;
    if (opener instanceof HTMLElement && !isElsewhere) opener.focus();
  };
}
