import Foundation

/// What a request is answered with.
struct Answer: Sendable {
    enum Body: Sendable {
        case data(Data)
        /// Read while it is sent.
        case file(URL)
        /// Server-sent events, until the browser goes.
        case events(StoreWatch)
    }

    var status = 200
    var type = "application/json"
    var body: Body
    /// What the browser is to call it on the disk; nil for what it shows.
    var fileName: String?
    /// Headers beside those of every answer.
    var headers: [(name: String, value: String)] = []
    /// Whether whoever asked may ask more by the same connection: a stranger has it closed.
    var isForSomebodyKnown = true

    init(_ data: Data, type: String = "application/json", status: Int = 200) {
        body = .data(data)
        self.type = type
        self.status = status
    }

    init(file: URL, named name: String) {
        body = .file(file)
        type = "application/octet-stream"
        fileName = name
    }

    init(events watch: StoreWatch) {
        body = .events(watch)
        type = "text/event-stream"
    }

    /// Whether its end is the connection's.
    var isEndless: Bool {
        if case .events = body { return true }
        return false
    }

    /// For a person who has come to an address that is none.
    static let nothingHere = Answer(
        Data(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Nothing here</title>
            <link rel="stylesheet" href="/page.css"><h1>There is nothing at this address.</h1>
            <p><a href="/">All sweeps</a></p></html>

            """.utf8), type: "text/html; charset=utf-8", status: 404)

    static func text(_ text: String, status: Int) -> Answer {
        Answer(Data((text + "\n").utf8), type: "text/plain; charset=utf-8", status: status)
    }
}
