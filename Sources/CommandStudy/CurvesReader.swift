import Foundation
import Orchestration
import ResultsStore

/// `curves.jsonl`: an object a line, `{"step": 10, "loss": 1.5}`, read while the program writes it.
struct CurvesReader {
    private let file: URL
    private var offset: UInt64 = 0
    private var unfinished: [UInt8] = []
    private var line = 0
    private var points: [String: [CurvePoint]] = [:]
    private var faults: [String] = []
    private var latest: StageProgress?
    private var steps = 0

    /// More points of a curve than this nobody sees: they are thinned out.
    private static let mostPoints = 2000
    private static let mostFaults = 5
    /// What is beyond is not looked at. Units: bytes.
    private static let mostBytes: UInt64 = 256 << 20
    private var isCut = false

    /// What the names of kept curves begin with.
    private let prefix: String

    /// - Parameter prefix: what the names of kept curves begin with; ``all()`` has them bare.
    init(_ file: URL, prefix: String) {
        self.file = file
        self.prefix = prefix
    }

    /// How far the program is, where it has said something new.
    mutating func progress() -> StageProgress? {
        read()
        defer { latest = nil }
        return latest
    }

    /// All curves, and what was wrong with lines that are left out.
    mutating func all() -> (curves: [String: [CurvePoint]], faults: [String]) {
        read()
        if !unfinished.isEmpty {
            take(unfinished)
            unfinished = []
        }
        return (points, faults)
    }

    private mutating func read() {
        guard let handle = StageFiles.opened(file) else { return }
        defer { try? handle.close() }
        guard (try? handle.seek(toOffset: offset)) != nil else { return }
        while !isCut, let part = try? handle.read(upToCount: 1 << 20), !part.isEmpty {
            if offset >= Self.mostBytes {
                isCut = true
                unfinished = []
                faults.append(
                    "curves.jsonl is larger than \(Self.mostBytes >> 20) MB: what is beyond is left out"
                )
                return
            }
            offset += UInt64(part.count)
            unfinished += part
            var start = 0
            while let end = unfinished[start...].firstIndex(of: 0x0A) {
                take(Array(unfinished[start..<end]))
                start = end + 1
            }
            unfinished.removeFirst(start)
            // A line without end is none.
            if unfinished.count > 1 << 20 { unfinished.removeAll() }
        }
    }

    private mutating func take(_ bytes: [UInt8]) {
        line += 1
        guard bytes.contains(where: { $0 > 0x20 }) else { return }
        let object = try? JSONDecoder().decode([String: Field].self, from: Data(bytes))
        guard let object, let field = object["step"] else {
            let text = String(decoding: bytes, as: UTF8.self)
            leaveOut(
                text.contains("NaN") || text.contains("Infinity")
                    ? "it has NaN or Infinity, for which JSON has no word; leave such a value out of the line"
                    : #"no object with a step, such as {"step": 10, "loss": 1.5}"#)
            return
        }
        guard let step = field.whole else {
            leaveOut("its step is no whole number; count steps, such as 10, not epochs")
            return
        }
        steps = object["steps"]?.whole ?? steps
        var words: [String] = []
        var values: [String: Double] = [:]
        for (name, value) in object.sorted(by: { $0.key < $1.key })
        where !["step", "steps", "rate"].contains(name) {
            guard CommandDefinition.isName(name), let number = value.number, number.isFinite else {
                continue
            }
            add(CurvePoint(step: step, value: number), to: name)
            values[prefix + name] = number
            words.append("\(name) \(String(format: "%.4g", number))")
        }
        latest = StageProgress(
            step: step, steps: max(steps, step), detail: words.joined(separator: ", "),
            rate: object["rate"]?.number, values: values)
    }

    private mutating func leaveOut(_ reason: String) {
        guard faults.count < Self.mostFaults else { return }
        faults.append("curves.jsonl:\(line): left out: \(reason)")
    }

    private mutating func add(_ point: CurvePoint, to name: String) {
        points[name, default: []].append(point)
        guard let count = points[name]?.count, count > 2 * Self.mostPoints else { return }
        // Every other one, and always the last.
        let all = points[name] ?? []
        points[name] = all.enumerated().filter { $0.offset % 2 == (count - 1) % 2 }.map(\.element)
    }
}

/// What a line may have under a name.
private enum Field: Decodable {
    case number(Double)
    /// Truth values too, which are no numbers, and objects.
    case other

    init(from decoder: any Decoder) throws {
        guard let value = try? decoder.singleValueContainer(),
            (try? value.decode(Bool.self)) == nil, let number = try? value.decode(Double.self)
        else {
            self = .other
            return
        }
        self = .number(number)
    }

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    var whole: Int? { number.flatMap { Int(exactly: $0) } }
}
