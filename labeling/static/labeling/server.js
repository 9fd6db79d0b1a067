// The worker's API as the task page uses it. Throws on anything but success.
export class Server {
  constructor(token, project) {
    this.token = token;
    this.project = project;
  }

  held() {
    return this.send("GET", `/api/v1/projects/${this.project}/claims`);
  }

  claim(count) {
    return this.post(`/api/v1/projects/${this.project}/claims`, { count });
  }

  answer(answers, count) {
    const claim = count > 0 ? { project: this.project, count } : null;
    return this.post("/api/v1/answers", { answers, claim });
  }

  turnAway(assignment, act) {
    return this.post(`/api/v1/assignments/${assignment}/${act}`, { reason: "not clear" });
  }

  renew(assignments) {
    return this.post("/api/v1/assignments/renew", { assignments });
  }

  post(path, body) {
    return this.send("POST", path, JSON.stringify(body));
  }

  async send(method, path, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    const response = await fetch(path, { method, headers, body });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.status === 204 ? null : response.json();
  }
}
