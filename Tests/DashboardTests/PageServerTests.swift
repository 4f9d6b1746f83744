import Dashboard
import Foundation
import Studies
import TestSupport
import Testing
import ToyStudies

/// The page as a browser, or a stranger, meets it: by a socket.
@Suite("The server of the page")
struct PageServerTests: Sendable {
    private let folder: TemporaryFolder
    private let page: Dashboard

    init() throws {
        folder = try TemporaryFolder()
        page = Dashboard(
            ResultsLayout(root: folder.url.appending(path: "results").path),
            catalogue: StudyCatalogue([ToyStudy()]), settings: DashboardSettings(port: 0))
    }

    /// A connection to the page.
    private final class Client {
        private let descriptor: Int32

        /// Units: seconds of patience.
        init(_ page: Dashboard, patience: Int = 30) throws {
            let port = try #require(URL(string: page.address)?.port)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var time = timeval(tv_sec: patience, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
            setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(code == 0)
        }

        deinit { close(descriptor) }

        /// As far as the other side takes it.
        func say(_ text: String) {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }

        /// What comes until the text has this in it, or the connection ends.
        func receive(until end: String? = nil) -> String {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let text = String(decoding: bytes, as: UTF8.self)
                if let end, text.contains(end) { return text }
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return text }
                bytes += buffer.prefix(count)
            }
        }
    }

    /// On a thread of its own: a test that waits for answers would hold one of the few that make them.
    private func whileServing(_ body: @escaping @Sendable () throws -> Void) async throws {
        let page = page
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try page.start()
                        defer { page.stop() }
                        try body()
                    })
            }
        }
    }

    private func answer(_ request: String) throws -> String {
        let client = try Client(page)
        client.say(request)
        return client.receive()
    }

    private let host = "Host: localhost\r\n"

    @Test("answers pages, questions and what is nowhere, with headers that keep others out")
    func answers() async throws {
        try await whileServing {
            let close = host + "Connection: close\r\n\r\n"
            let style = try answer("GET /page.css HTTP/1.1\r\n" + close)
            #expect(style.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(
                style.contains("\r\nContent-Type: text/css") && style.contains("frame-ancestors"))
            let length = try #require(
                style.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") })
            let body = try #require(style.range(of: "\r\n\r\n"))
            #expect(Int(length.dropFirst(16)) == style[body.upperBound...].utf8.count)
            let head = try answer("HEAD /page.css HTTP/1.1\r\n" + close)
            #expect(head.contains(length) && head.hasSuffix("\r\n\r\n"))
            #expect(try answer("GET /api/sweeps HTTP/1.1\r\n" + close).hasSuffix("}"))
            #expect(try answer("GET /none HTTP/1.1\r\n" + close).hasPrefix("HTTP/1.1 404"))
            #expect(try answer("GET / HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 403"))
            #expect(
                try answer("GET / HTTP/1.1\r\nHost: evil.example\r\n" + host + "\r\n")
                    .hasPrefix("HTTP/1.1 403"))
            #expect(try answer("no request\r\n\r\n").hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test("a connection stays for the next question, and events come by one as they are")
    func connections() async throws {
        try await whileServing {
            let client = try Client(page)
            for _ in 0..<2 {
                client.say("HEAD /page.js HTTP/1.1\r\n\(host)\r\n")
                #expect(client.receive(until: "\r\n\r\n").contains("Connection: keep-alive"))
            }
            client.say("GET /events HTTP/1.1\r\n\(host)\r\n")
            let events = client.receive(until: "\n\n")
            #expect(events.contains("text/event-stream") && events.contains("data: {\"version\":"))
        }
    }

    @Test("a body is not waited for: what would write is refused at once")
    func bodies() async throws {
        try await whileServing {
            let client = try Client(page)
            client.say("POST / HTTP/1.1\r\n\(host)Content-Length: 2000000000\r\n\r\nabc")
            #expect(client.receive().hasPrefix("HTTP/1.1 405"))
        }
    }

    @Test("lines and headers without end are refused, and keep nobody else waiting")
    func endless() async throws {
        try await whileServing {
            let long = String(repeating: "a", count: 2_000_000)
            let clients = try ["GET /", "GET / HTTP/1.1\r\nx: ", "GET /?a=1&"].map { start in
                let client = try Client(page)
                client.say(start + long)
                return client
            }
            let css = try answer("GET /page.css HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
            #expect(css.hasPrefix("HTTP/1.1 200 OK\r\n"))
            for client in clients.dropFirst() {
                // A reset may overtake the answer.
                let text = client.receive()
                #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 431"), "\(text.prefix(100))")
            }
        }
    }
}
