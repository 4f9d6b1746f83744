import FlyingSocks
import Foundation

/// One connection of a browser: requests, one after another, and their answers.
struct PageConnection: Sendable {
    private let socket: AsyncSocket
    private let handler: PageHandler

    /// How long each thing may take. Units: seconds.
    private enum Time {
        static let firstHead = 10.0
        /// A browser keeps connections for what it may ask next.
        static let nextHead = 75.0
        static let answer = 300.0
        /// Of a piece that the browser does not take.
        static let piece = 60.0
        static let farewell = 1.0
    }

    /// Units: bytes.
    private static let piece = 1 << 16

    init(_ socket: AsyncSocket, _ handler: PageHandler) {
        (self.socket, self.handler) = (socket, handler)
    }

    /// Until the browser or one of the limits ends it.
    func serve() async {
        var buffer = RequestBuffer()
        var time = Time.firstHead
        do {
            while try await serveOne(&buffer, within: time) { time = Time.nextHead }
        } catch {
            // Whoever has gone, or sends nothing, is told nothing.
        }
    }

    /// - Returns: whether another request may follow.
    private func serveOne(_ buffer: inout RequestBuffer, within time: Double) async throws -> Bool {
        let head: RequestHead
        do {
            let kept = buffer
            (head, buffer) = try await withLimit(time) { try await self.head(kept) }
        } catch let fault as RequestHead.Fault {
            try await send(
                fault == .tooLong
                    ? .text("A request has 16 KB at most.", status: 431)
                    : .text("This is no request.", status: 400), keeps: false, hasContent: true)
            try await sayFarewell()
            return false
        }
        let peer = PeerConnection(socket.socket.file.rawValue)
        let answer: Answer?
        do {
            answer = try await withLimit(Time.answer) { [handler] in
                await handler.answer(to: head, peer)
            }
        } catch SocketError.timeout {
            answer = .text("This takes too long.", status: 503)
        }
        // Nil: the browser has gone.
        guard let answer else { return false }
        let keeps =
            head.keepsConnection && !head.hasBody && answer.isForSomebodyKnown && !answer.isEndless
        try await send(answer, keeps: keeps, hasContent: head.method != "HEAD")
        if head.hasBody { try await sayFarewell() }
        return keeps
    }

    private func head(_ kept: RequestBuffer) async throws -> (RequestHead, RequestBuffer) {
        var buffer = kept
        while true {
            if let head = try buffer.next() { return (head, buffer) }
            buffer.append(try await socket.read(atMost: 4096))
        }
    }

    // MARK: Answers

    private func send(_ answer: Answer, keeps: Bool, hasContent: Bool) async throws {
        let head = { PageHandler.head(of: answer, length: $0, keeps: keeps) }
        switch answer.body {
        case .data(let data):
            // In one piece where it fits: a second small one would wait for the first to be acknowledged.
            try await send(head(data.count) + (hasContent ? data : Data()))
        case .file(let url):
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            let length = Int(try file.seekToEnd())
            try file.seek(toOffset: 0)
            try await send(head(length))
            var left = hasContent ? length : 0
            while left > 0 {
                // What has become shorter meanwhile ends the connection, by which the browser sees it.
                guard let piece = try file.read(upToCount: min(left, Self.piece)), !piece.isEmpty
                else { throw SocketError.disconnected }
                left -= piece.count
                try await send(piece)
            }
        case .events(let watch):
            try await send(head(nil))
            guard hasContent else { return }
            var events = EventStream(watch: watch)
            while let event = try await events.next() { try await send(event) }
        }
    }

    private func send(_ data: Data) async throws {
        var rest = data[...]
        while !rest.isEmpty {
            let piece = Data(rest.prefix(Self.piece))
            rest = rest.dropFirst(piece.count)
            try await withLimit(Time.piece) { [socket] in try await socket.write(piece) }
        }
    }

    /// Takes what is still on its way: a connection that is closed before would take the answer with it.
    private func sayFarewell() async throws {
        _ = shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
        try await withLimit(Time.farewell) { [socket] in
            for _ in 0..<256 { _ = try await socket.read(atMost: 4096) }
        }
    }

    /// Throws: `SocketError.timeout` when the time is over.
    private func withLimit<Value: Sendable>(
        _ seconds: Double, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw SocketError.timeout(message: "\(seconds) s")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
