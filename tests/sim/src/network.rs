//! The way between browser and platform: how long it takes, and what it swallows. Bytes of one connection stay in order,
//! as in TCP; what a platform reorders or repeats is a fault of its own (see `faults`).

use std::collections::BTreeMap;

use crate::happening::SocketId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    ToPlatform,
    ToGuest,
}

#[derive(Debug)]
pub(crate) struct Network {
    latency_ms: (u64, u64),
    /// Nothing arrives before, either way.
    stalled_until_ms: [u64; 2],
    /// Connections and calls fail at once.
    pub(crate) no_route_until_ms: u64,
    sockets: BTreeMap<SocketId, Socket>,
    last_socket: SocketId,
}

#[derive(Debug, Default)]
struct Socket {
    /// When the last byte so far arrives, each way.
    busy_until_ms: [u64; 2],
    /// Whether what is sent is swallowed, each way: one end is gone and nobody says so.
    is_hole: [bool; 2],
}

impl Network {
    pub(crate) fn new(latency_ms: (u64, u64)) -> Network {
        Network { latency_ms, stalled_until_ms: [0; 2], no_route_until_ms: 0, sockets: BTreeMap::new(), last_socket: 0 }
    }

    pub(crate) fn open(&mut self) -> SocketId {
        self.last_socket += 1;
        self.sockets.insert(self.last_socket, Socket::default());
        self.last_socket
    }

    pub(crate) fn forget(&mut self, socket: SocketId) {
        self.sockets.remove(&socket);
    }

    /// When what is sent now arrives; `None` for never.
    pub(crate) fn arrival(
        &mut self,
        now_ms: u64,
        socket: SocketId,
        way: Way,
        random: &mut fastrand::Rng,
    ) -> Option<u64> {
        let free = self.free_arrival(now_ms, way, random);
        let socket = self.sockets.get_mut(&socket)?;
        if socket.is_hole[way as usize] {
            return None;
        }
        let at_ms = free.max(socket.busy_until_ms[way as usize]);
        socket.busy_until_ms[way as usize] = at_ms;
        Some(at_ms)
    }

    /// The same for what belongs to no socket, such as an HTTP call.
    pub(crate) fn free_arrival(&self, now_ms: u64, way: Way, random: &mut fastrand::Rng) -> u64 {
        let (least_ms, most_ms) = self.latency_ms;
        now_ms.max(self.stalled_until_ms[way as usize]) + random.u64(least_ms..=most_ms)
    }

    pub(crate) fn stall(&mut self, way: Way, until_ms: u64) {
        let stalled = &mut self.stalled_until_ms[way as usize];
        *stalled = until_ms.max(*stalled);
    }

    /// From now on everything on this connection is swallowed, that way.
    pub(crate) fn swallow(&mut self, socket: SocketId, way: Way) {
        if let Some(socket) = self.sockets.get_mut(&socket) {
            socket.is_hole[way as usize] = true;
        }
    }

    pub(crate) fn swallows(&self, socket: SocketId, way: Way) -> bool {
        self.sockets.get(&socket).is_some_and(|socket| socket.is_hole[way as usize])
    }

    /// The first moment at which nothing is stalled.
    pub(crate) fn whole_at_ms(&self) -> u64 {
        self.stalled_until_ms[0].max(self.stalled_until_ms[1]).max(self.no_route_until_ms)
    }

    pub(crate) fn socket_count(&self) -> usize {
        self.sockets.len()
    }
}
