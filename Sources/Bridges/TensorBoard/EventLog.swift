import Foundation
import Platform

/// What a run of TensorBoard has said, in the order in which it says it.
struct EventLog {
    /// An `Event`: its time is kept apart, since it tells no two events apart.
    struct Event {
        var time: Double
        var content: Data
    }

    private(set) var events: [Event] = []
    /// Values that single precision has no number for: too large, or so small that they would be zero. They are
    /// left out, since a curve that jumps to infinity or to nothing says what nobody has computed.
    private(set) var leftOut: [(tag: String, step: Int, value: Double)] = []

    /// - Parameter time: of its beginning. Units: seconds since 1970.
    init(time: Double) {
        add(time) { $0.add(3, text: "brain.Event:2") }
        // Whoever reads on behind an earlier file forgets what that said.
        add(time) { $0.add(7, ProtocolBuffer { $0.add(1, integer: 1) }) }
    }

    mutating func addScalar(_ tag: String, _ value: Double, step: Int, time: Double) {
        let single = Float(value)
        guard single.isFinite == value.isFinite, (single == 0) == (value == 0) else {
            leftOut.append((tag, step, value))
            return
        }
        addSummary(step: step, time: time) {
            $0.add(1, text: tag)
            $0.add(2, float: single)
        }
    }

    /// - Parameter image: a PNG file.
    mutating func addImage(_ tag: String, _ image: Data, time: Double) {
        // Width and height follow the name of the first chunk, IHDR.
        let bytes = [UInt8](image.prefix(24))
        guard bytes.count == 24 else { return }
        func size(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        addSummary(step: 0, time: time) {
            $0.add(1, text: tag)
            $0.add(
                4,
                ProtocolBuffer {
                    $0.add(1, integer: size(20))
                    $0.add(2, integer: size(16))
                    $0.add(3, integer: 3)
                    $0.add(4, bytes: image)
                })
        }
    }

    /// What the page of hyperparameters reads.
    ///
    /// - Parameter number: of the field of `HParamsPluginData`.
    mutating func addHyperparameters(
        _ tag: String, _ number: Int, time: Double, _ content: ProtocolBuffer
    ) {
        addSummary(step: 0, time: time) {
            $0.add(1, text: "_hparams_/" + tag)
            $0.add(
                9,
                ProtocolBuffer {
                    $0.add(
                        1,
                        ProtocolBuffer {
                            $0.add(1, text: "hparams")
                            $0.add(
                                2,
                                ProtocolBuffer {
                                    $0.add(1, integer: 0)
                                    $0.add(number, content)
                                })
                        })
                })
            // A summary needs a value: one zero.
            $0.add(
                8,
                ProtocolBuffer {
                    $0.add(1, integer: 1)
                    $0.add(
                        2, ProtocolBuffer { $0.add(2, ProtocolBuffer { $0.add(1, integer: 1) }) })
                    $0.add(5, float: 0)
                })
        }
    }

    private mutating func addSummary(
        step: Int, time: Double, _ fill: (inout ProtocolBuffer) -> Void
    ) {
        let value = ProtocolBuffer(fill)
        add(time) {
            $0.add(2, integer: step)
            $0.add(5, ProtocolBuffer { $0.add(1, value) })
        }
    }

    private mutating func add(_ time: Double, _ fill: (inout ProtocolBuffer) -> Void) {
        events.append(Event(time: time, content: ProtocolBuffer(fill).data))
    }
}

extension EventLog {
    /// The time is the first field and takes nine bytes.
    private static let timeBytes = 9

    /// Brings the event file of a folder to what this log says: nothing is written where it says so already,
    /// what is new is appended to one that says the beginning, and one that says something else gives way to
    /// a new file, with a name behind its own.
    ///
    /// - Returns: whether anything was written.
    /// - Throws: ``BridgesError/unwritable(path:reason:)``.
    func write(to folder: URL) throws -> Bool {
        let manager = FileManager.default
        do {
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw BridgesError.unwritable(
                path: folder.relativePath, reason: error.localizedDescription)
        }
        let names = ((try? manager.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasPrefix(Self.start) }.sorted()
        if let name = names.last {
            let file = folder.appending(path: name)
            let data = (try? Data(contentsOf: file)) ?? Data()
            let (records, end) = RecordFile.records(of: data)
            let isBeginning =
                records.count <= events.count
                && zip(records, events).allSatisfy { $0.dropFirst(Self.timeBytes) == $1.content }
            if isBeginning {
                let rest = events.dropFirst(records.count)
                guard !rest.isEmpty || end < data.count else { return false }
                try Self.append(rest, to: file, at: end)
                return true
            }
        }
        let last = names.last.flatMap { Int($0.dropFirst(Self.start.count).prefix(10)) } ?? 0
        try replace(names.map { folder.appending(path: $0) }, in: folder, number: last + 1)
        return true
    }

    private static let start = "events.out.tfevents."

    private func replace(_ old: [URL], in folder: URL, number: Int) throws {
        let digits = String(number)
        let name =
            Self.start + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
            + ".ablate"
        // A reader takes any name with "tfevents" in it for a file to read.
        let part = folder.appending(path: ".unfinished")
        try? FileManager.default.removeItem(at: part)
        try Self.append(events[...], to: part, at: 0)
        guard rename(part.path, folder.appending(path: name).path) == 0 else {
            throw BridgesError.unwritable(
                path: folder.relativePath, reason: String(cString: strerror(errno)))
        }
        for file in old { try? FileManager.default.removeItem(at: file) }
    }

    private static func append(_ events: ArraySlice<Event>, to file: URL, at end: Int) throws {
        var data = Data()
        for event in events {
            let time = ProtocolBuffer { $0.add(1, double: event.time) }
            data.append(RecordFile.framed(time.data + event.content))
        }
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw BridgesError.unwritable(
                path: file.relativePath, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var code: Int32?
        if ftruncate(descriptor, off_t(end)) != 0 || lseek(descriptor, off_t(end), SEEK_SET) < 0 {
            code = errno
        }
        code = code ?? data.withUnsafeBytes { Descriptor.write($0, to: descriptor) }
        if code == nil, fsync(descriptor) != 0 { code = errno }
        if let code {
            throw BridgesError.unwritable(
                path: file.relativePath, reason: String(cString: strerror(code)))
        }
    }
}
