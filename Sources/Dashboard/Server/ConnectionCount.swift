/// How many connections there are: one who opens them without end keeps nobody else out.
package struct ConnectionCount: Sendable {
    private let most: Int
    private let mostOfOne: Int
    private var total = 0
    private var byPeer: [String: Int] = [:]

    /// - Parameters:
    ///   - most: at once, below the descriptors that a process usually has (1024).
    ///   - mostOfOne: of one address of the network; a browser opens six.
    package init(most: Int = 256, mostOfOne: Int = 64) {
        (self.most, self.mostOfOne) = (most, mostOfOne)
    }

    /// Whether one more may be served; it counts then.
    package mutating func admit(_ peer: String) -> Bool {
        // Whoever is on this machine, or comes by a tunnel, has one address with all others.
        let share = Self.isLoopback(peer) ? most : mostOfOne
        guard total < most, byPeer[peer, default: 0] < share else { return false }
        total += 1
        byPeer[peer, default: 0] += 1
        return true
    }

    package mutating func end(_ peer: String) {
        total -= 1
        byPeer[peer, default: 1] -= 1
        if byPeer[peer] == 0 { byPeer[peer] = nil }
    }

    private static func isLoopback(_ peer: String) -> Bool {
        peer == "::1" || peer.hasPrefix("127.") || peer.hasPrefix("::ffff:127.")
    }
}
