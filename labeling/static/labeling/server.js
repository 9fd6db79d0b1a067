// The worker's API as the task page uses it. Throws on anything but success.
export class Server {
  constructor(token, project) {
    this.token = token;
    this.project = project;
  }

  claim(count) {
    return this.post(`/api/v1/projects/${this.project}/claims`, { count });
  }

  answer(answers, count) {
    const body = { answers };
    if (count > 0) body.claim = { project: this.project, count };
    return this.post("/api/v1/answers", body);
  }

  turnAway(assignment, act) {
    return this.post(`/api/v1/assignments/${assignment}/${act}`, { reason: "not clear" });
  }

  renew(assignments) {
    return this.post("/api/v1/assignments/renew", { assignments });
  }

  async post(path, body) {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status}`);
    return response.status === 204 ? null : response.json();
  }
}
