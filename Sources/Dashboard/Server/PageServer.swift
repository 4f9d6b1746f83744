import FlyingSocks
import Foundation
import Synchronization

/// Listens, and answers requests without a body, which a page that only reads has none of.
///
/// Anybody may connect where the page is served to a network, before any token is asked for. So a head is of a
/// bounded length, comes within a bounded time, and connections are counted.
final class PageServer: Sendable {
    private let settings: DashboardSettings
    private let handler: PageHandler
    private let pool: any AsyncSocketPool = SocketPool.make()
    private let count = Mutex(ConnectionCount())

    init(_ settings: DashboardSettings, _ handler: PageHandler) {
        (self.settings, self.handler) = (settings, handler)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter listens: told the port, once browsers can connect.
    /// - Throws: `SocketError`, ``DashboardError/badHost(_:)``.
    func run(listens: @Sendable (UInt16) -> Void) async throws {
        try await pool.prepare()
        let socket = try listening()
        defer { try? socket.close() }
        let listener = try AsyncSocket(socket: socket, pool: pool)
        switch try socket.sockname() {
        case .ip4(_, let port), .ip6(_, let port): listens(port)
        case .unix: listens(settings.port)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pool] in try await pool.run() }
            group.addTask { try await self.accept(listener) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func listening() throws -> Socket {
        func socket(_ address: some SocketAddress) throws -> Socket {
            let socket = try Socket(domain: Int32(type(of: address).family))
            do {
                try socket.setValue(true, for: .localAddressReuse)
                try socket.bind(to: address)
                try socket.listen()
            } catch {
                try? socket.close()
                throw error
            }
            return socket
        }
        if settings.host.contains(":") {
            guard let address = try? sockaddr_in6.inet6(ip6: settings.host, port: settings.port)
            else { throw DashboardError.badHost(settings.host) }
            return try socket(address)
        }
        guard let address = try? sockaddr_in.inet(ip4: settings.host, port: settings.port) else {
            throw DashboardError.badHost(settings.host)
        }
        return try socket(address)
    }

    private func accept(_ listener: AsyncSocket) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                try Task.checkCancellation()
                let socket: AsyncSocket
                do {
                    socket = try await listener.accept()
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    // One that has gone before it was taken, or no descriptor free: others may follow.
                    try await Task.sleep(for: .milliseconds(100))
                    continue
                }
                let peer = Self.name(ofPeer: socket)
                guard count.withLock({ $0.admit(peer) }) else {
                    try? socket.close()
                    continue
                }
                group.addTask { [self] in
                    await PageConnection(socket, handler).serve()
                    try? socket.close()
                    count.withLock { $0.end(peer) }
                }
            }
        }
    }

    private static func name(ofPeer socket: AsyncSocket) -> String {
        switch try? socket.socket.remotePeer() {
        case .ip4(let name, _), .ip6(let name, _), .unix(let name): name
        case nil: ""
        }
    }
}
