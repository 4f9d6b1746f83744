/// Why the page cannot be served: what, the value, what to do.
public enum DashboardError: Error, Sendable, Hashable, CustomStringConvertible {
    case badHost(String)
    case portTaken(UInt16)
    case cannotListen(address: String, reason: String)

    public var description: String {
        switch self {
        case .badHost(let host):
            "--host is '\(host)', but must be a numeric address of this machine, such as 0.0.0.0 for all "
                + "of its networks"
        case .portTaken(let port):
            "port \(port) is in use, perhaps by another 'serve'; name another with --port, or --port 0 "
                + "for any that is free"
        case .cannotListen(let address, let reason):
            "nothing can be served at \(address): \(reason); try another --host or --port"
        }
    }
}
