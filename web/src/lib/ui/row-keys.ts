/**
 * Which drawn row shows which entry of a long table. A row keeps its entry while that is in view; then it moves to the other
 * end and shows another one, instead of being thrown away and made again.
 */
export class RowKeys {
  #keys = new Map<string, number>();
  #next = 0;

  /**
   * The key of each entry in view, in order.
   * @param isFree False when a row must not change under somebody's hands: it has the focus, or the entries themselves changed.
   */
  of(ids: readonly string[], isFree: boolean): number[] {
    const inView = new Set(ids);
    const left = isFree ? [...this.#keys].filter(([id]) => !inView.has(id)).map(([, key]) => key) : [];
    const keys = ids.map((id) => this.#keys.get(id) ?? left.shift() ?? this.#next++);
    this.#keys = new Map(ids.map((id, index) => [id, keys[index]!]));
    return keys;
  }
}
