/// Where the page is served, and to whom.
public struct DashboardSettings: Sendable, Hashable {
    /// A numeric address of this machine; the loopback address reaches nobody else.
    public var host: String
    /// 0 for any that is free.
    public var port: UInt16

    public init(host: String = "127.0.0.1", port: UInt16 = 8990) {
        self.host = host
        self.port = port
    }

    /// Whether programs of this machine alone can connect.
    var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// As an address of the web has it: an address of version 6 in brackets.
    var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}
