/** An entry of a long table that is in view, and how far below the first one it lies. */
export type Entry<Row> = { id: string; row: Row; index: number; top: number };
/** The drawn row that shows an entry; under its key it stays the same element. */
export type Drawn<Row> = Entry<Row> & { key: number };

/**
 * Which drawn row shows which entry of a long table. A row keeps its entry while that is in view; then it shows another one
 * where it is in the document, instead of being thrown away and made again or moved: both would cost a frame.
 */
export class DrawnRows<Row> {
  #drawn: readonly Drawn<Row>[] = [];
  #next = 0;

  /**
   * The rows in the order of the document.
   * @param may Whether rows may show other entries and whether they may move: neither under somebody's hands, and while the
   * table is scrolled they stay where they are. Then they get in order again, for whoever reads the document or walks along it.
   */
  of(entries: readonly Entry<Row>[], may: { change: boolean; move: boolean }): readonly Drawn<Row>[] {
    const coming = new Map(entries.map((entry) => [entry.id, entry]));
    const kept = this.#drawn.map((row) => {
      const entry = coming.get(row.id);
      coming.delete(row.id);
      return { row, entry };
    });
    const others = coming.values();
    const drawn = kept.flatMap(({ row, entry = may.change ? others.next().value : undefined }) =>
      entry === undefined ? [] : [isSame(row, entry) ? row : { ...entry, key: row.key }],
    );
    for (const entry of others) {
      const next = drawn.findIndex(({ index }) => index > entry.index);
      drawn.splice(next === -1 ? drawn.length : next, 0, { ...entry, key: this.#next++ });
    }
    if (may.move) drawn.sort((one, other) => one.index - other.index);
    return (this.#drawn = drawn);
  }
}

const isSame = <Row>(drawn: Drawn<Row>, { row, index, top }: Entry<Row>): boolean =>
  drawn.row === row && drawn.index === index && drawn.top === top;
