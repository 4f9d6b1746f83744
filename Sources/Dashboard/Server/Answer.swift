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

    static func text(_ text: String, status: Int) -> Answer {
        Answer(Data((text + "\n").utf8), type: "text/plain; charset=utf-8", status: status)
    }
}

/// The names and values of an address.
struct Query: Sendable {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    subscript(name: String) -> String? { values[name] }

    func flag(_ name: String) -> Bool { values[name] == "1" }

    /// A number within bounds; the default where there is none.
    func number(_ name: String, _ range: ClosedRange<Int>, default value: Int) -> Int {
        min(max(values[name].flatMap(Int.init) ?? value, range.lowerBound), range.upperBound)
    }

    /// Equal for equal questions.
    var key: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    var all: [String: String] { values }
}
