import FlyingFox
import Foundation

/// Between the server and what it answers: who may ask, and the headers of every answer.
struct PageHandler: HTTPHandler {
    let guardian: RequestGuard
    let warden: ConnectionWarden
    let answers: Answers

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        warden.note(request.remoteAddress)
        let verdict = guardian.judge(
            method: request.method.rawValue, host: request.headers[.host],
            given: request.query["token"], cookies: request.headers[.cookie])
        switch verdict {
        case .refused(let status, let reason):
            return try response(to: .text(reason, status: status))
        case .signsIn:
            // The token leaves the address, which is kept in histories.
            let headers: HTTPHeaders = [
                .location: "/",
                .setCookie:
                    "\(RequestGuard.cookie)=\(guardian.token ?? ""); Path=/; HttpOnly; SameSite=Strict",
            ]
            return HTTPResponse(statusCode: .seeOther, headers: headers)
        case .allowed: break
        }
        if request.path == "/events" { return events }
        let query = Query(encoded: request.target.query())
        guard let answer = await answer(request, query) else { throw CancellationError() }
        var response = try response(to: answer)
        if request.method == .HEAD { response.payload = .httpBody(HTTPBodySequence(data: Data())) }
        return response
    }

    /// Nil when whoever asked has gone: then nothing goes on being read for them.
    private func answer(_ request: HTTPRequest, _ query: Query) async -> Answer? {
        guard let peer = PeerConnection(request.remoteAddress) else {
            return await answers.answer(request.path, query)
        }
        return await peer.whileOpen { [answers] in await answers.answer(request.path, query) }
    }

    private func response(to answer: Answer) throws -> HTTPResponse {
        var headers = Self.headers
        headers[.contentType] = answer.type
        if let name = answer.fileName {
            let harmless = name.filter {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
            }
            headers[.contentDisposition] = "attachment; filename=\"\(harmless)\""
        }
        let body =
            switch answer.body {
            case .data(let data): HTTPBodySequence(data: data, suggestedBufferSize: 1 << 16)
            case .file(let url): try HTTPBodySequence(file: url, suggestedBufferSize: 1 << 16)
            }
        let phrases = [200: "OK", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"]
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: phrases[answer.status] ?? ""),
            headers: headers, body: body)
    }

    private var events: HTTPResponse {
        var headers = Self.headers
        headers[.contentType] = "text/event-stream"
        return HTTPResponse(
            statusCode: .ok, headers: headers,
            body: HTTPBodySequence(from: EventStream(watch: answers.watch)))
    }

    /// Nothing from elsewhere is loaded, nobody frames the page, and no address is told to others.
    private static let headers: HTTPHeaders = [
        .cacheControl: "no-store",
        HTTPHeader("Content-Security-Policy"):
            "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
            + "connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'",
        HTTPHeader("X-Content-Type-Options"): "nosniff",
        HTTPHeader("Referrer-Policy"): "no-referrer",
        HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
    ]
}
