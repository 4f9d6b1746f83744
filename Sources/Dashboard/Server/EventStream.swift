import FlyingSocks
import Foundation

/// Server-sent events: a line whenever the store has changed, and a sign of life every 15 seconds.
struct EventStream: AsyncBufferedSequence {
    typealias Element = UInt8

    let watch: StoreWatch

    func makeAsyncIterator() -> Iterator { Iterator(watch: watch) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let watch: StoreWatch
        private var last: StoreWatch.Moment?
        private var quiet = 0

        init(watch: StoreWatch) { self.watch = watch }

        mutating func next() async throws -> UInt8? {
            preconditionFailure("read by buffers alone")
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            while true {
                guard let moment = watch.moment else { return nil }
                if moment != last {
                    last = moment
                    quiet = 0
                    let text = "{\"version\":\(moment.version),\"results\":\(moment.results)}"
                    return Array("retry: 2000\ndata: \(text)\n\n".utf8)
                }
                try await Task.sleep(for: .milliseconds(200))
                quiet += 1
                if quiet == 75 {
                    quiet = 0
                    return Array(": \n\n".utf8)
                }
            }
        }
    }
}
