import Foundation

/// The connection that a request came by: a server that works on an answer does not read from it, and so
/// learns nothing of a browser that has gone. Uses a descriptor as C has it, which must stay open meanwhile.
struct PeerConnection: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

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

    /// Whether the other side has closed it.
    private var isClosed: Bool {
        var byte: UInt8 = 0
        // Nothing is taken away: no byte to look at is the end.
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }
}
