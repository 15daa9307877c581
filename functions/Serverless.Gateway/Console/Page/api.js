// The gateway's API. The key stays in this object: neither in storage nor in an address.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Asks the gateway who is looking; the browser adds the key it was given at its prompt. */
export async function openSession() {
  const response = await fetch('/console/session', { headers: { 'x-inference-console': '1' }, cache: 'no-store' });
  if (!response.ok) throw await errorOf(response);
  const { key, tenant, operator } = await response.json();
  return { api: new Api(key), tenant, operator };
}

class Api {
  #key;

  constructor(key) {
    this.#key = key;
  }

  /** The response to a request that succeeded; others throw. An object as body is sent as JSON. */
  async send(path, { method = 'GET', body, signal } = {}) {
    const headers = { authorization: `Bearer ${this.#key}` };
    if (body && !(body instanceof FormData)) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(body);
    }

    let response;
    try {
      response = await fetch(path, { method, headers, body, signal, credentials: 'omit', cache: 'no-store' });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiError(0, 'The gateway cannot be reached.');
    }

    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async json(path, options) {
    return (await this.send(path, options)).json();
  }
}

async function errorOf(response) {
  let message = `The gateway answered ${response.status}.`;
  try {
    const { error } = await response.json();
    message = (typeof error === 'string' ? error : error?.message) || message;
  } catch {
    // Not JSON: the status is all there is.
  }

  return new ApiError(response.status, message);
}
