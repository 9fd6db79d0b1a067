// What the person has said and the server has not confirmed yet, and its way there.
//
// Everything is written down before anything is sent, and forgotten only when the server has said what
// became of it, so nothing is lost with the tab. localStorage rather than IndexedDB, because writing to it
// is synchronous: the answer is safe before the next item is painted, with nothing to wait for. Each entry
// has a key of its own: two tabs that write at the same time never overwrite each other's.
const BATCH = 20;
const LONGEST_PAUSE = 60_000;
const PATIENCE = 20_000;
const SLOW = 4_000; // from here on the person is told that the server takes its time
const KEPT_ALIVE = 60_000; // bytes; browsers refuse to send more than 64 KiB after the page is gone
const SEAT_IS_GONE = [404, 409];
const NOT_SIGNED_IN = [401, 403];
const NOT_TAKEN = [400, 413];

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain HTTP
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Outbox {
  constructor(name) {
    this.prefix = `${name}:`;
    this.unsaved = new Map();
  }

  // False when this device stores nothing: then the entry lives as long as the page does.
  put(entry) {
    const dated = { ...entry, at: performance.timeOrigin + performance.now() };
    try {
      localStorage.setItem(this.prefix + entry.key, JSON.stringify(dated));
      return true;
    } catch {
      this.unsaved.set(entry.key, dated);
      return false;
    }
  }

  all() {
    return [...this.stored(), ...this.unsaved.values()].sort((one, other) => one.at - other.at);
  }

  drop(keys) {
    for (const key of keys) {
      this.unsaved.delete(key);
      try { localStorage.removeItem(this.prefix + key); } catch { /* nothing is stored on this device */ }
    }
  }

  stored() {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
      return names.map((name) => JSON.parse(localStorage.getItem(name))).filter(Boolean);
    } catch {
      return [];
    }
  }
}

class Refused extends Error {
  constructor({ status, headers }) {
    super(`${status}`);
    this.status = status;
    this.pause = 1000 * (Number(headers.get("Retry-After")) || 0);
  }
}

// The worker's API as the task page uses it. Throws on anything but success.
export class Server {
  constructor({ token, person, project, notTaken }) {
    Object.assign(this, { token, person, project, notTaken });
    this.claims = `/api/v1/projects/${project}/claims`;
  }

  held() { return this.send("GET", this.claims); }
  me() { return this.send("GET", "/api/v1/me"); }
  renew(assignments) { return this.post("/api/v1/assignments/renew", { assignments }); }

  // The same key brings the same seats: a reply that was lost costs nothing.
  claim(count, key) { return this.post(this.claims, { count, key }); }

  async answer(entries, count) {
    const answers = entries.map(({ assignment, value, seconds, key }) => ({ assignment, value, seconds, key }));
    const claim = count > 0 ? { project: this.project, count } : null;
    try {
      return await this.post("/api/v1/answers", { answers, claim });
    } catch (error) {
      if (error.status !== 404 || !claim) throw error;
      return this.post("/api/v1/answers", { answers, claim: null }); // no more work here, but these still count
    }
  }

  // Skip or flag. That the seat is gone already is as good.
  async turnAway({ assignment, act, reason, text }) {
    try {
      await this.post(`/api/v1/assignments/${assignment}/${act}`, { reason, text });
    } catch (error) {
      if (!SEAT_IS_GONE.includes(error.status)) throw error;
    }
  }

  // False when it is too late. Sending the first answer again tells its id, whoever sent it before.
  async revise({ revises, value, seconds, key }) {
    const { answers: [{ answer }] } = await this.answer([revises], 0);
    try {
      await this.post(`/api/v1/answers/${answer}/revise`, { value, seconds, key });
      return true;
    } catch (error) {
      if (![400, ...SEAT_IS_GONE].includes(error.status)) throw error;
      return false;
    }
  }

  // After somebody signed in again in another tab: the same page for the same person has a token that counts.
  async findToken() {
    const response = await fetch(location.pathname, { signal: AbortSignal.timeout(PATIENCE) });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-token]");
    if (fresh?.dataset.person === this.person) this.token = fresh.dataset.token;
  }

  post(path, body) { return this.send("POST", path, JSON.stringify(body)); }

  async send(method, path, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const keepalive = method === "POST" && new Blob([body]).size < KEPT_ALIVE; // it still arrives when the tab closes
    const response = await fetch(path, { method, headers, body, keepalive, signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new Refused(response);
    return response.json();
  }
}

// How many items to hold: at first a few; who answers quickly, what lasts half a minute without the network.
const [FEW, MANY, HALF_A_MINUTE] = [5, 12, 30];

export class Pace {
  answered = 0;
  seconds = 0; // for an answer, the latest counting most

  took(seconds) {
    this.seconds = this.answered ? 0.8 * this.seconds + 0.2 * seconds : seconds;
    this.answered += 1;
  }

  get ahead() {
    if (this.answered < FEW) return FEW;
    return Math.min(MANY, Math.max(FEW, Math.ceil(HALF_A_MINUTE / Math.max(this.seconds, 0.1))));
  }
}

// Sends what is in the outbox, one tab at a time, until it is empty; after a failure again, later and later.
export class Sender {
  constructor(server, outbox, { wanted, replied, changed, rested }) {
    Object.assign(this, { server, outbox, wanted, replied, changed, rested });
    this.sending = this.more = this.slow = false;
    this.failures = 0;
  }

  // Whether what is missing is the server's fault: no more items come before it answers.
  get waits() { return this.slow || this.failures > 0; }

  async send() {
    if (this.sending) { this.more = true; return; }
    clearTimeout(this.timer);
    this.sending = true;
    this.more = false;
    try {
      await alone(this.outbox.prefix, () => this.drain());
    } catch (error) {
      this.failed(error);
      return;
    } finally {
      this.sending = false;
    }
    await (this.more ? this.send() : this.rested());
  }

  // The connection is back: failures before say nothing any more, nor does an attempt that is failing just now.
  reconnected() {
    this.failures = 0;
    this.send();
  }

  async drain() {
    for (let batch = this.next(); batch.length; batch = this.next()) {
      this.changed(this.failures ? this.trouble : "sending");
      await this.inTime(this.deliver(batch));
      this.well();
    }
  }

  // Says so when an answer of the server takes long, and goes on waiting for it.
  async inTime(work) {
    const timer = setTimeout(() => { this.slow = true; this.changed(this.failures ? this.trouble : "slow"); }, SLOW);
    try { return await work; } finally { clearTimeout(timer); this.slow = false; }
  }

  next() { return this.outbox.all().slice(0, BATCH); }

  async deliver(batch) {
    await this.deliverAnswers(batch.filter(({ act, revises }) => !act && !revises));
    for (const entry of batch.filter(({ act, revises }) => act || revises)) {
      if (entry.act) await this.server.turnAway(entry);
      else if (!(await this.server.revise(entry))) this.replied({ notRevised: true });
      this.outbox.drop([entry.key]);
    }
  }

  async deliverAnswers(answers) {
    if (!answers.length) return;
    try {
      const reply = await this.server.answer(answers, this.wanted());
      this.outbox.drop(answers.map(({ key }) => key));
      this.replied(reply);
    } catch (error) {
      if (!NOT_TAKEN.includes(error.status)) throw error;
      await this.deliverOneByOne(answers);
    }
  }

  // The server cannot read the batch: the others must not wait for the one that spoils it, which comes back.
  async deliverOneByOne(answers) {
    if (answers.length > 1) {
      for (const answer of answers) await this.deliverAnswers([answer]);
      return;
    }
    const [{ key, assignment }] = answers;
    this.outbox.drop([key]);
    this.replied({ answers: [{ assignment, verdict: "invalid", message: this.server.notTaken }] });
  }

  well() {
    this.failures = 0;
    this.changed("idle");
  }

  // 1, 2, 4 ... 60 seconds, with jitter so that a crowd does not come back in step.
  failed(error) {
    const pause = Math.min(1000 * 2 ** this.failures, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
    this.failures += 1;
    this.trouble = troubleOf(error);
    this.changed(this.trouble);
    clearTimeout(this.timer);
    const again = () => (this.trouble === "signed-out" ? this.signInAgain() : this.send());
    this.timer = setTimeout(again, Math.max(pause, Math.min(error.pause ?? 0, LONGEST_PAUSE)));
  }

  async signInAgain() {
    await this.server.findToken().catch(() => {});
    this.send();
  }
}

// No connection, a server that is in trouble or has too much to do, or a session that is over.
function troubleOf({ status, name }) {
  if (NOT_SIGNED_IN.includes(status)) return "signed-out";
  return status ? "busy" : name === "TimeoutError" ? "slow" : "offline";
}

// One tab of this person at a time; where the browser has no locks, the server's keys keep doubles out as well.
function alone(name, act) {
  return navigator.locks ? navigator.locks.request(name, act) : act();
}
