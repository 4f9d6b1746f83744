import Dashboard
import Foundation
import Testing

@Suite("Connections that send too much", .serialized)
struct ConnectionWardenTests {
    /// Both ends of a connection over the loopback address, and the port that was connected to.
    private final class Connection {
        let client: Int32
        let server: Int32
        let port: UInt16

        init() throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let ends = withUnsafeMutablePointer(to: &address) { pointer -> (Int32, Int32) in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    place -> (Int32, Int32) in
                    guard bind(listener, place, length) == 0, listen(listener, 1) == 0,
                        getsockname(listener, place, &length) == 0
                    else { return (-1, -1) }
                    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                    guard connect(client, place, length) == 0 else { return (client, -1) }
                    return (client, accept(listener, nil, nil))
                }
            }
            (client, server) = ends
            port = UInt16(bigEndian: address.sin_port)
            guard server >= 0 else { throw Unconnected() }
        }

        struct Unconnected: Error {}

        deinit {
            close(client)
            close(server)
        }

        func send(_ count: Int) {
            let bytes = [UInt8](repeating: 0x41, count: count)
            // Read as it comes, as a server does.
            var room = [UInt8](repeating: 0, count: count)
            var (sent, read) = (0, 0)
            while read < count {
                if sent < count {
                    let step = min(16 << 10, count - sent)
                    sent += bytes[sent..<sent + step].withUnsafeBytes {
                        Glibc.send(client, $0.baseAddress, step, Int32(MSG_NOSIGNAL))
                    }
                }
                let step = recv(server, &room, room.count, 0)
                guard step > 0 else { return }
                read += step
            }
        }

        /// Whether the server's side has ended it.
        var isEnded: Bool {
            var byte: UInt8 = 0
            return recv(client, &byte, 1, Int32(MSG_DONTWAIT)) == 0
        }
    }

    @Test("a line without an end is cut off; a request of a usual size is not")
    func longLine() throws {
        let connection = try Connection()
        let warden = ConnectionWarden()
        connection.send(2000)
        #expect(warden.look(port: connection.port) == 0)
        #expect(!connection.isEnded)
        connection.send(Int(ConnectionWarden.most))
        #expect(warden.look(port: connection.port) == 1)
        #expect(connection.isEnded)
    }

    @Test("connections of others are left alone")
    func others() throws {
        let connection = try Connection()
        connection.send(Int(ConnectionWarden.most) + 1)
        #expect(ConnectionWarden().look(port: connection.port &+ 1) == 0)
        #expect(!connection.isEnded)
    }
}
