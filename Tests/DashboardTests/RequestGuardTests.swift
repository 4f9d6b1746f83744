import Dashboard
import Testing

@Suite("Who may read the page")
struct RequestGuardTests {
    private let local = RequestGuard(token: nil, names: ["localhost", "studio"])
    private let open = RequestGuard(token: "0123abcd", names: ["localhost", "studio"])

    private func verdict(
        _ guardian: RequestGuard, method: String = "GET", host: String?, given: String? = nil,
        cookies: String? = nil
    ) -> RequestGuard.Verdict {
        guardian.judge(method: method, host: host, given: given, cookies: cookies)
    }

    @Test(
        "answers by the machine's own names and numbers, whatever the port",
        arguments: [
            "127.0.0.1:8990", "localhost", "LOCALHOST:9000", "[::1]:8990", "[::1]", "studio:80",
            "localhost:",
        ])
    func ownNames(host: String) {
        #expect(verdict(local, host: host) == .allowed)
    }

    @Test(
        "refuses the names of others, which a name service may point here",
        arguments: [
            "evil.example", "localhost.evil.example:8990", "1.2.3.4.evil", "", "256.1.1.1",
            "localhost:8990@evil.example", "[localhost]", "[localhost]:8990", "[::1", "[::1]8990",
            "::1",
            "localhost:80:80", "[127.0.0.1]", "localhost evil.example",
        ])
    func otherNames(host: String) {
        guard case .refused(403, _) = verdict(local, host: host) else {
            Issue.record("\(host) is let in")
            return
        }
    }

    @Test("refuses requests without a host, and those that would write")
    func methods() {
        guard case .refused(403, _) = verdict(local, host: nil) else {
            Issue.record("no host is let in")
            return
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            guard case .refused(405, _) = verdict(local, method: method, host: "localhost") else {
                Issue.record("\(method) is let in")
                return
            }
        }
        #expect(verdict(local, method: "HEAD", host: "localhost") == .allowed)
    }

    @Test(
        "asks for the token where others can connect: the first address brings it, a cookie keeps it"
    )
    func token() {
        #expect(verdict(open, host: "10.0.0.7", given: "0123abcd") == .signsIn)
        #expect(
            verdict(open, host: "10.0.0.7", cookies: "x=1; ablate_token=0123abcd") == .allowed)
        for (given, cookies) in [
            (nil, nil), ("0123abce", nil), ("", nil), ("0123abcd0", nil),
            (nil, "ablate_token=0123abce"), (nil, "other=0123abcd"), (nil, "ablate_token="),
        ] as [(String?, String?)] {
            guard
                case .refused(403, _) = verdict(
                    open, host: "10.0.0.7", given: given, cookies: cookies)
            else {
                Issue.record("\(given ?? "-"), \(cookies ?? "-") are let in")
                continue
            }
        }
        // The token is no pass for another name.
        guard case .refused(403, _) = verdict(open, host: "evil.example", given: "0123abcd") else {
            Issue.record("a foreign name is let in")
            return
        }
    }

    @Test("tokens are 32 digits, and no two are the same")
    func tokens() {
        let tokens = Set((0..<100).map { _ in RequestGuard.newToken() })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
