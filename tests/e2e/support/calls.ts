// The HTTP calls of a page, as the browser made them.
import type { Page, Request } from "@playwright/test";
import type { Json } from "./control.ts";

export interface Call {
  method: string;
  /** Without the host. */
  path: string;
  headers: Record<string, string>;
  /** Undefined when it is no JSON. */
  body: Json | undefined;
  /** Undefined while there is no answer. */
  status: number | undefined;
}

export class Calls {
  /** Oldest first. */
  readonly all: Call[] = [];

  static watch(page: Page): Calls {
    const calls = new Calls();
    const known = new Map<Request, Call>();
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      const call: Call = { method: request.method(), path: pathname + search, headers: request.headers(), body: asJson(request), status: undefined };
      known.set(request, call);
      calls.all.push(call);
    });
    page.on("response", (response) => {
      const call = known.get(response.request());
      if (call) call.status = response.status();
    });
    return calls;
  }

  /** Those of the platform whose path ends like this, without the browser's own questions. */
  to(ending: RegExp): Call[] {
    return this.all.filter(({ method, path }) => method !== "OPTIONS" && path.startsWith("/api/v2/") && ending.test(path));
  }

  statuses(ending: RegExp): (number | undefined)[] {
    return this.to(ending).map(({ status }) => status);
  }
}

function asJson(request: Request): Json | undefined {
  try {
    return JSON.parse(request.postData() ?? "");
  } catch {
    return undefined;
  }
}
