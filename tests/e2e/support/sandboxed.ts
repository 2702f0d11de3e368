// What a platform must look like to a page of a sandboxed frame, whose origin is "null": the stand-in lets none in,
// because any page can have one. This door in front of it calls them by the name of a site.
import { type Server, type Socket, connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";

export class Door {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(platform: string) {
    const { hostname, port, origin } = new URL(platform);
    this.#server = createServer((guest) => {
      const inside = connect(Number(port), hostname);
      // Headers come in one piece, and lengths of bodies stay as they are.
      guest.on("data", (data) => inside.write(Buffer.from(data.toString("latin1").replace(/^origin: null\r$/im, `origin: ${origin}\r`), "latin1")));
      inside.on("data", (data) => guest.write(Buffer.from(data.toString("latin1").replace(/^(access-control-allow-origin): http.*\r$/im, "$1: null\r"), "latin1")));
      for (const [one, other] of [[guest, inside], [inside, guest]] as const) {
        this.#sockets.add(one);
        one.on("close", () => other.destroy());
        one.on("error", () => other.destroy());
      }
    });
  }

  static async open(platform: string): Promise<Door> {
    const door = new Door(platform);
    await new Promise<void>((ready) => door.#server.listen(0, "127.0.0.1", ready));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((gone) => this.#server.close(gone));
  }
}
