import FlyingFox
import Foundation

/// The connection that a request came by: a server that works on an answer does not read from it, and so
/// learns nothing of a browser that has gone. Uses addresses as C has them.
struct PeerConnection: Sendable {
    private let host: String
    private let port: UInt16

    /// Nil for what is no address of a network.
    init?(_ address: HTTPRequest.Address?) {
        switch address {
        case .ip4(let host, let port), .ip6(let host, let port):
            (self.host, self.port) = (host, port)
        case .unix, nil: return nil
        }
    }

    /// Runs `body`, and cancels it when the other side has closed the connection; nil then.
    func whileOpen<Value: Sendable>(
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                while !Task.isCancelled {
                    // Most answers are there before the first look.
                    try? await Task.sleep(for: .milliseconds(250))
                    if isClosed { return nil }
                }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Whether the other side has closed it. What cannot be found counts as open.
    private var isClosed: Bool {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")) ?? []
        guard let descriptor = numbers.lazy.compactMap({ Int32($0) }).first(where: isOwn) else {
            return false
        }
        var byte: UInt8 = 0
        // Nothing is taken away: no byte to look at is the end.
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }

    /// Whether a descriptor is a connection to this peer.
    private func isOwn(_ descriptor: Int32) -> Bool {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isConnected = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getpeername(descriptor, $0, &length) == 0
            }
        }
        guard isConnected else { return false }
        var host = [CChar](repeating: 0, count: 256)
        var service = [CChar](repeating: 0, count: 32)
        let code = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, length, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    NI_NUMERICHOST | NI_NUMERICSERV)
            }
        }
        return code == 0 && Self.text(host) == self.host && Self.text(service) == "\(port)"
    }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
