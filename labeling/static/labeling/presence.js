// Whether somebody is there: leases are renewed while they are, time away is not time spent on an item,
// and after long work on what is hard to look at a rest is offered, between two items.
const IDLE_AFTER = 180_000;
const LOOK_EVERY = 5_000;
const INPUTS = ["keydown", "pointerdown", "wheel", "touchmove"];

export class Presence {
  // `page` is what the task page lends: its items, and what to do when some are gone or new ones came.
  constructor(page) {
    const { view, server, sender } = page;
    Object.assign(this, { page, view, server, sender });
    this.renewAfter = Math.min(Number(this.view.words.leaseSeconds) * 1000 / 3, 60_000);
    this.awaySince = document.hidden ? performance.now() : null;
    this.lastInput = this.restedAt = performance.now();
    this.offer = document.querySelector('[data-part="offer"]');
    this.listen();
    setInterval(() => this.renew().catch(() => {}), this.renewAfter / 2);
    setInterval(() => this.rest(), LOOK_EVERY);
  }

  listen() {
    const { rest } = this.view;
    rest.addEventListener("click", () => rest.close());
    rest.addEventListener("close", () => this.comeBack().catch(() => {}));
    document.addEventListener("visibilitychange", () => this.visibility());
    this.offer?.addEventListener("close", () => this.offered());
    addEventListener("storage", ({ newValue }) => newValue && this.otherTab());
    addEventListener("beforeunload", (event) => {
      if (this.page.outbox.unsaved.size) event.preventDefault(); // this device stores nothing: ask before they are lost
    });
    for (const input of INPUTS) addEventListener(input, () => { this.lastInput = performance.now(); }, { passive: true });
  }

  // Another tab of the same person has answered: what it answered is not asked here.
  otherTab() {
    const { outbox, seen, keepOnly, without, idsOf, held } = this.page;
    for (const { assignment } of outbox.all()) seen.add(assignment);
    keepOnly(without(idsOf(held()), seen));
  }

  visibility() {
    if (document.hidden) this.leave();
    else if (!this.view.rest.open) this.comeBack().catch(() => {});
    if (document.hidden) this.sender.send();
  }

  leave() { this.awaySince ??= performance.now(); }

  async comeBack() {
    if (this.awaySince === null) return;
    const away = performance.now() - this.awaySince;
    [this.awaySince, this.lastInput] = [null, performance.now()];
    if (away > IDLE_AFTER) this.restedAt = performance.now();
    this.view.away += away;
    this.sender.send();
    if (away < this.renewAfter) return;
    const { assignments } = await this.server.held();
    this.page.keepOnly(this.page.idsOf(assignments));
    this.page.take({ assignments });
    this.page.fill();
  }

  async renew() {
    const queue = this.page.held();
    const due = queue.some(({ since }) => performance.now() - since > this.renewAfter);
    if (document.hidden || this.view.rest.open || !due || this.sender.failures) return;
    const asked = queue.map(({ id }) => id);
    const { assignments } = await this.server.renew(asked);
    const gone = this.page.without(asked, this.page.idsOf(assignments));
    for (const task of this.page.held()) task.since = performance.now();
    this.page.keepOnly(this.page.without(this.page.idsOf(this.page.held()), gone)); // what came meanwhile was not asked about
    this.page.fill();
  }

  // Nobody has touched anything for a while: the items may go back at the end of their leases.
  rest() {
    const idle = performance.now() - this.lastInput >= IDLE_AFTER;
    if (idle && !document.hidden && this.page.held().length && !document.querySelector("dialog[open]")) this.pause();
  }

  pause() {
    this.leave();
    this.view.rest.showModal();
  }

  // Only where the manager said that the items are hard to look at.
  offerRest() {
    const { restAfter } = this.view.words;
    if (!this.offer || performance.now() - this.restedAt < Number(restAfter) * 1000) return;
    this.restedAt = performance.now();
    this.offer.returnValue = "";
    this.offer.showModal();
  }

  offered() {
    if (this.offer.returnValue === "rest") this.pause();
  }
}
