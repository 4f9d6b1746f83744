import Foundation

/// Between the server and what it answers: who may ask, and the headers of every answer.
struct PageHandler: Sendable {
    let guardian: RequestGuard
    let answers: Answers

    /// Nil when whoever asked has gone: then nothing goes on being read for them.
    func answer(to head: RequestHead, _ peer: PeerConnection) async -> Answer? {
        let query = Query(encoded: head.query)
        let hosts = head.values("host")
        let verdict = guardian.judge(
            method: head.method, host: hosts.count == 1 ? hosts[0] : nil, given: query["token"],
            cookies: head.values("cookie").joined(separator: "; "))
        switch verdict {
        case .refused(let status, let reason):
            var answer = Answer.text(reason, status: status)
            answer.isForSomebodyKnown = false
            return answer
        case .signsIn:
            // The token leaves the address, which is kept in histories.
            var answer = Answer(Data(), type: "text/plain; charset=utf-8", status: 303)
            answer.headers = [
                ("Location", "/"),
                (
                    "Set-Cookie",
                    "\(RequestGuard.cookie)=\(guardian.token ?? ""); Path=/; HttpOnly; SameSite=Strict"
                ),
            ]
            return answer
        case .allowed: break
        }
        if head.path == "/events" { return Answer(events: answers.watch) }
        return await peer.whileOpen { [answers] in await answers.answer(head.path, query) }
    }

    // MARK: Headers

    /// The first line of an answer and its headers, as they are sent.
    ///
    /// - Parameters:
    ///   - length: of what follows; nil for what ends with the connection.
    ///   - keeps: whether the connection stays for another request.
    static func head(of answer: Answer, length: Int?, keeps: Bool) -> Data {
        var lines = ["HTTP/1.1 \(answer.status) \(phrases[answer.status] ?? "")"]
        var headers = self.headers + [("Content-Type", answer.type)] + answer.headers
        if let name = answer.fileName {
            let harmless = name.filter {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
            }
            headers.append(("Content-Disposition", "attachment; filename=\"\(harmless)\""))
        }
        if let length { headers.append(("Content-Length", "\(length)")) }
        headers.append(("Connection", keeps && length != nil ? "keep-alive" : "close"))
        lines += headers.map { "\($0.name): \($0.value)" }
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    private static let phrases = [
        200: "OK", 303: "See Other", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 431: "Request Header Fields Too Large",
        503: "Service Unavailable",
    ]

    /// Nothing from elsewhere is loaded, nobody frames the page, and no address is told to others.
    private static let headers: [(name: String, value: String)] = [
        ("Cache-Control", "no-store"),
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
                + "connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
}
