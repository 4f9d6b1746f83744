import Foundation

/// Server-sent events: a line whenever the store has changed, and a sign of life every 15 seconds.
struct EventStream {
    private let watch: StoreWatch
    private var last: StoreWatch.Moment?
    private var quiet = 0

    init(watch: StoreWatch) { self.watch = watch }

    /// The next event, when there is one; nil when the watch is over.
    mutating func next() async throws -> Data? {
        while true {
            guard let moment = watch.moment else { return nil }
            if moment != last {
                last = moment
                quiet = 0
                let text = "{\"version\":\(moment.version),\"results\":\(moment.results)}"
                return Data("retry: 2000\ndata: \(text)\n\n".utf8)
            }
            try await Task.sleep(for: .milliseconds(200))
            quiet += 1
            if quiet == 75 {
                quiet = 0
                return Data(": \n\n".utf8)
            }
        }
    }
}
