import Foundation

/// Who may read: decided from a request's headers alone.
///
/// A page of the web whose name has been pointed at this machine ("DNS rebinding") sends its own name as
/// `Host`, and is refused. Beyond the loopback address a token is asked for as well, which the first
/// address brings and a cookie keeps.
package struct RequestGuard: Sendable {
    package enum Verdict: Sendable, Hashable {
        case allowed
        /// Right, and to be kept as a cookie.
        case signsIn
        case refused(status: Int, reason: String)
    }

    static let cookie = "ablate_token"
    /// Nil where none is asked for.
    let token: String?
    /// Names of this machine, beside its numeric addresses.
    let names: Set<String>

    package init(token: String?, names: Set<String> = ["localhost"]) {
        self.token = token
        self.names = Set(names.map { $0.lowercased() })
    }

    /// - Parameters:
    ///   - given: the token of the address, where it has one.
    ///   - cookies: the header `Cookie`.
    package func judge(method: String, host: String?, given: String?, cookies: String?) -> Verdict {
        guard method == "GET" || method == "HEAD" else {
            return .refused(status: 405, reason: "This page only reads: GET and HEAD.")
        }
        guard let host, isOfThisMachine(host) else {
            return .refused(
                status: 403,
                reason: "This is no address of the machine: ask by the one that 'serve' printed.")
        }
        guard let token else { return .allowed }
        if let given, Self.isEqual(given, token) { return .signsIn }
        if let kept = Self.value(of: Self.cookie, in: cookies ?? ""), Self.isEqual(kept, token) {
            return .allowed
        }
        return .refused(
            status: 403, reason: "Open the whole address that 'serve' printed: it holds the token.")
    }

    private func isOfThisMachine(_ host: String) -> Bool {
        guard let (name, isBracketed) = Self.withoutPort(host.lowercased()) else { return false }
        return isBracketed
            ? name.contains(":") && Self.isNumeric(name)
            : names.contains(name) || Self.isNumeric(name)
    }

    /// The name of a `Host` (RFC 9110, 7.2): what is none, such as `name:80@other`, is nil.
    private static func withoutPort(_ host: String) -> (name: String, isBracketed: Bool)? {
        let isBracketed = host.hasPrefix("[")
        guard
            let end = isBracketed
                ? host.firstIndex(of: "]") : host.firstIndex(of: ":") ?? host.endIndex
        else { return nil }
        let name = isBracketed ? host[..<end].dropFirst() : host[..<end]
        let rest = isBracketed ? host[end...].dropFirst() : host[end...]
        let isPort =
            rest.isEmpty
            || rest.first == ":" && rest.utf8.dropFirst().allSatisfy { (48...57).contains($0) }
        return isPort ? (String(name), isBracketed) : nil
    }

    /// An address that no name service has given.
    private static func isNumeric(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return true }
        return name.contains(":") && name.allSatisfy { $0.isHexDigit || ":.%".contains($0) }
    }

    private static func value(of name: String, in cookies: String) -> String? {
        cookies.split(separator: ";").lazy
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.hasPrefix(name + "=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }

    /// Takes as long for any text of a length, so that time tells nothing of the token.
    private static func isEqual(_ first: String, _ second: String) -> Bool {
        let (ours, theirs) = (Array(first.utf8), Array(second.utf8))
        guard ours.count == theirs.count else { return false }
        return zip(ours, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// 128 random bits.
    package static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
