import Foundation

/// What a request is answered with.
struct Answer: Sendable {
    enum Body: Sendable {
        case data(Data)
        /// Read while it is sent.
        case file(URL)
    }

    var status = 200
    var type = "application/json"
    var body: Body
    /// What the browser is to call it on the disk; nil for what it shows.
    var fileName: String?

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
