// Answers that the server has not confirmed yet. They are written down before anything is sent and
// forgotten only when the server has said what became of them, so nothing is lost with the tab.
const BATCH = 20;
const LONGEST_PAUSE = 60_000;

export class Outbox {
  constructor(name) {
    this.name = name;
    this.failures = 0;
    this.sending = false;
  }

  all() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return [];
    }
  }

  put(answer) {
    localStorage.setItem(this.name, JSON.stringify([...this.all(), answer]));
  }

  peek() {
    return this.all().slice(0, BATCH);
  }

  drop(sent) {
    const keys = new Set(sent.map((answer) => answer.key));
    localStorage.setItem(this.name, JSON.stringify(this.all().filter((answer) => !keys.has(answer.key))));
    this.failures = 0;
  }

  assignments() {
    return this.all().map((answer) => answer.assignment);
  }

  // 1, 2, 4 ... 60 seconds, with jitter so that a crowd does not come back in step.
  pause() {
    this.failures += 1;
    return Math.min(1000 * 2 ** (this.failures - 1), LONGEST_PAUSE) * (0.5 + Math.random() / 2);
  }
}
