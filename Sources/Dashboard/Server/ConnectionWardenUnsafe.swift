import FlyingFox
import Foundation
import Platform
import Synchronization

/// Ends connections that send more than a request for a page can have: the server would take in a first line or headers of any
/// length before anybody could refuse them. Uses addresses and options of sockets as C has them.
package final class ConnectionWarden: Sendable {
    /// What is sent for one answer. Browsers send about a kilobyte, and at most some of cookies. Units: bytes.
    package static let most: UInt64 = 64 << 10
    private static let interval = 0.1

    private struct State {
        /// What each connection had received when it was last answered, by its other end. Units: bytes.
        var answered: [String: UInt64] = [:]
        /// Those that have been answered since the last look.
        var news: Set<String> = []
    }

    private let state = Mutex(State())
    private let end = Monitor(false)

    package init() {}

    /// Watches the connections to a port of this machine.
    ///
    /// Throws: `PlatformError` where there is no thread to be had.
    func start(port: UInt16) throws -> WorkThread {
        try WorkThread(
            name: "connections", cancel: { [self] in stop() },
            body: { [self] in
                while end.wait(seconds: Self.interval, { $0 ? () : nil }) == nil {
                    look(port: port)
                }
            })
    }

    func stop() { end.update { $0 = true } }

    /// A whole request has come from there: what follows belongs to the next one.
    func note(_ address: HTTPRequest.Address?) {
        switch address {
        case .ip4(let host, let port), .ip6(let host, let port):
            state.withLock { _ = $0.news.insert("\(host) \(port)") }
        case .unix, nil: break
        }
    }

    /// Ends those connections that have sent too much since they were last answered.
    ///
    /// - Returns: how many.
    @discardableResult
    package func look(port: UInt16) -> Int {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
        var open: [String: UInt64] = [:]
        var ended = 0
        state.withLock { state in
            for descriptor in numbers.compactMap({ Int32($0) }) {
                guard Self.name(of: descriptor, getsockname)?.port == port,
                    let peer = Self.name(of: descriptor, getpeername),
                    let received = Self.received(descriptor)
                else { continue }
                let name = "\(peer.host) \(peer.port)"
                let before = state.news.contains(name) ? received : state.answered[name] ?? 0
                open[name] = before
                guard received > before + Self.most else { continue }
                shutdown(descriptor, Int32(SHUT_RDWR))
                ended += 1
            }
            state.answered = open
            state.news = []
        }
        return ended
    }

    /// An end of a connection; nil for what is none.
    private static func name(
        of descriptor: Int32,
        _ end: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (host: String, port: UInt16)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isThere = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                end(descriptor, $0, &length) == 0
            }
        }
        guard isThere else { return nil }
        var host = [CChar](repeating: 0, count: 256)
        var service = [CChar](repeating: 0, count: 32)
        let code = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, length, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        func text(_ bytes: [CChar]) -> String {
            String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard code == 0, let port = UInt16(text(service)) else { return nil }
        return (text(host), port)
    }

    /// All that a connection has received; nil where the system does not say.
    private static func received(_ descriptor: Int32) -> UInt64? {
        #if canImport(Glibc)
            // `tcpi_bytes_received` of struct tcp_info (linux/tcp.h, since Linux 4.1), which the C library's header lacks.
            let offset = 128
            var facts = [UInt8](repeating: 0, count: 512)
            var length = socklen_t(facts.count)
            guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &facts, &length) == 0,
                Int(length) >= offset + 8
            else { return nil }
            return facts[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        #else
            return nil
        #endif
    }
}
