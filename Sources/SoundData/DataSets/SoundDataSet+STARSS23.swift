import Files
import Foundation

extension SoundDataSet {
    /// STARSS23, microphone array format: real scenes of 4 channels, with
    /// every tenth of a second which sounds there are and where they come from.
    ///
    /// The clips are the stretches in which one sound is heard alone and comes from one place (within ten
    /// degrees of where it was first, and a fifth of how far away), half a second at least; no room is
    /// simulated. The recordings of
    /// fold 4 are the test split, rooms of fold 3 validate, as many as hold about
    /// ``DataSettings/validationFraction`` of their stretches.
    ///
    /// Layout: `mic_dev/dev-*/fold*_room*_mix*.wav` and `metadata_dev/dev-*/` with CSV files of the same
    /// names, without header: frame (a tenth of a second), class (0 to 12), number of the source, azimuth and
    /// elevation (degrees, counter-clockwise and up), distance (centimetres).
    static func loadSTARSS23(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        let source = DataSource.starss23.rawValue
        let folder = try requireLayout(url, source: source, ["mic_dev", "metadata_dev"])
        let tables = try starssTables(folder.path, source)
        var candidates: [ClipCandidate] = []
        var rooms: [String] = []
        var leftOut: [LeftOutClip] = []
        for table in tables {
            let recording = "mic_dev/" + table.dropLast(4) + ".wav"
            let file = folder.appendingPathComponent(recording)
            let name = String(table.split(separator: "/").last ?? "")
            guard let place = StarssPlace(name) else {
                throw SoundDataError.layout(
                    source: source, path: folder.path,
                    missing:
                        "fold3_room or fold4_room, and a number, in the name of metadata_dev/\(table)"
                )
            }
            let frames = try starssFrames(
                folder.appendingPathComponent("metadata_dev/" + table))
            for event in StarssEvent.all(in: frames) {
                let identifier = "\(recording)#\(event.start)"
                guard let stretch = event.longest, stretch.seconds >= RecordedSegment.shortest
                else {
                    leftOut.append(
                        LeftOutClip(
                            path: identifier, fault: event.fault, reason: event.reason,
                            split: place.isTest ? .test : nil, label: event.label))
                    continue
                }
                candidates.append(
                    ClipCandidate(
                        identifier: "\(recording)#\(event.label)-\(stretch.start)", file: file,
                        label: event.label, split: place.isTest ? .test : .training,
                        group: recording,
                        segment: RecordedSegment(
                            file: file, start: stretch.start, end: stretch.end,
                            azimuth: stretch.azimuth, elevation: stretch.elevation,
                            distance: stretch.distance)))
                rooms.append(place.room)
            }
        }
        let learnt = candidates.indices.filter { candidates[$0].split == .training }
        // By room, not by class: a room that validates is one that nothing was learnt in.
        let splits = SplitAssignment.draw(
            labels: learnt.map { _ in 0 }, groups: learnt.map { rooms[$0] },
            validationFraction: settings.validationFraction, testFraction: 0, seed: settings.seed)
        for (index, split) in zip(learnt, splits) { candidates[index].split = split }
        return try ClipCollection(
            name: "STARSS23", path: url.path, folder: folder, candidates: candidates,
            requiredChannels: 4, leftOut: leftOut
        ).dataSet(settings, look)
    }

    /// The tables below `metadata_dev`, by their paths there.
    private static func starssTables(_ folder: String, _ source: String) throws -> [String] {
        let metadata = folder + "/metadata_dev"
        do {
            let parts = try FilePath.names(in: metadata).filter {
                !$0.hasPrefix(".") && FilePath.isFolder("\(metadata)/\($0)")
            }
            let tables = try parts.flatMap { part in
                try FilePath.names(in: "\(metadata)/\(part)")
                    .filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }.map { "\(part)/\($0)" }
            }
            guard !tables.isEmpty else {
                throw SoundDataError.layout(
                    source: source, path: folder, missing: "metadata_dev/dev-train-tau/*.csv")
            }
            return tables
        } catch let error as AudioFileFault {
            throw SoundDataError.fileSystem(path: metadata, operation: "read", reason: error.reason)
        }
    }

    private static let centimetres =
        100 * RecordedSegment.distances.lowerBound...100 * RecordedSegment.distances.upperBound
    private static let columns = ["frame", "class", "source", "azimuth", "elevation", "distance"]

    private static func starssFrames(_ url: URL) throws -> [StarssFrame] {
        let source = DataSource.starss23.rawValue
        let table: CommaSeparatedTable
        do {
            table = try readTable(url, source: source)
        } catch SoundDataError.table(path: _, problem: .empty) {
            // A recording in which nothing of the classes sounds.
            return []
        }
        // The first line is no header.
        let rows = [CommaSeparatedTable.Row(line: 1, fields: table.header)] + table.rows
        return try rows.map { row in
            let count = row.fields.count
            guard count == columns.count else {
                throw SoundDataError.table(
                    path: url.path,
                    problem: .columns(
                        line: row.line, found: count, wanted: columns,
                        advice: count == columns.count - 1
                            ? "five are those of STARSS22, which has no distances: take the metadata of STARSS23"
                            : nil))
            }
            let values = try row.fields.indices.map {
                try requireNumber($0, of: row, columns[$0], url)
            }
            func within(
                _ column: Int, _ range: ClosedRange<Double>, _ unit: String
            ) throws -> Double {
                try requireNumber(column, of: row, columns[column], url, within: range, unit)
            }
            func whole(_ column: Int, _ range: ClosedRange<Int>) throws -> Int {
                guard let value = Int(exactly: values[column]), range.contains(value) else {
                    throw SoundDataError.table(
                        path: url.path,
                        problem: .notInRange(
                            line: row.line, column: columns[column], value: row.fields[column],
                            range: range))
                }
                return value
            }
            return StarssFrame(
                number: try whole(0, 0...10_000_000),
                label: try whole(1, 0...StarssEvent.classes.count - 1),
                source: try whole(2, 0...10_000),
                azimuth: try within(3, RecordedSegment.azimuths, "degrees") * .pi / 180,
                elevation: try within(4, RecordedSegment.elevations, "degrees") * .pi / 180,
                distance: try within(5, centimetres, "centimetres") / 100)
        }
    }
}

/// What the name of a recording says: `fold3_room12_mix001`.
private struct StarssPlace {
    let room: String
    let isTest: Bool

    init?(_ name: String) {
        let parts = name.split(separator: "_")
        guard parts.count >= 3, ["fold3", "fold4"].contains(parts[0]), parts[1].hasPrefix("room"),
            Int(parts[1].dropFirst(4)) != nil
        else { return nil }
        room = "\(parts[0])_\(parts[1])"
        isTest = parts[0] == "fold4"
    }
}

/// A sound in a tenth of a second. Units: radians, metres.
private struct StarssFrame {
    let number: Int
    let label: Int
    let source: Int
    let azimuth: Double
    let elevation: Double
    let distance: Double

    static let perSecond = 10.0

    var direction: SIMD3<Double> {
        SIMD3(cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation))
    }
}

/// A sound from when it begins to when it ends.
private struct StarssEvent {
    /// The classes of STARSS23 by their numbers.
    static let classes = [
        "Female speech", "Male speech", "Clapping", "Telephone", "Laughter", "Domestic sounds",
        "Walk, footsteps", "Door, open or close", "Music", "Musical instrument", "Water tap",
        "Bell", "Knock",
    ]

    /// How far a source may be from where a stretch of it began. Units: degrees.
    private static let spread = 10.0
    /// Likewise, as a share of how far it was away: about what ten degrees are to the side.
    private static let distanceSpread = 0.2

    /// A part in which it is heard alone, from one place. Units: seconds, radians, metres.
    struct Stretch {
        let start: Double
        let end: Double
        let azimuth: Double
        let elevation: Double
        let distance: Double

        let seconds: Double

        init(_ frames: [StarssFrame]) {
            seconds = Double(frames.count) / StarssFrame.perSecond
            let sum = frames.reduce(SIMD3<Double>.zero) { $0 + $1.direction }
            start = Double(frames[0].number) / StarssFrame.perSecond
            end = Double(frames[frames.count - 1].number + 1) / StarssFrame.perSecond
            azimuth = atan2(sum.y, sum.x)
            elevation = atan2(sum.z, (sum.x * sum.x + sum.y * sum.y).squareRoot())
            distance = frames.reduce(0) { $0 + $1.distance } / Double(frames.count)
        }
    }

    let label: String
    private let frames: [StarssFrame]
    /// The numbers of the frames in which it is heard alone.
    private let alone: Set<Int>

    /// Units: seconds.
    var start: Double { Double(frames[0].number) / StarssFrame.perSecond }
    private var end: Double {
        Double(frames[frames.count - 1].number + 1) / StarssFrame.perSecond
    }

    /// The sounds of a recording, in the order in which they begin.
    static func all(in frames: [StarssFrame]) -> [StarssEvent] {
        var sounding: [Int: Int] = [:]
        for frame in frames { sounding[frame.number, default: 0] += 1 }
        let alone = Set(sounding.filter { $0.value == 1 }.keys)
        let ofSource = Dictionary(grouping: frames) { [$0.label, $0.source] }
        return ofSource.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { key, own in
            parts(own.sorted { $0.number < $1.number }) { $1.number == $0.number + 1 }
                .map { StarssEvent(label: classes[key[0]], frames: $0, alone: alone) }
        }.sorted { ($0.start, $0.label) < ($1.start, $1.label) }
    }

    /// Cuts frames wherever one does not go on with the last.
    private static func parts(
        _ frames: [StarssFrame], goesOn: (StarssFrame, StarssFrame) -> Bool
    ) -> [[StarssFrame]] {
        frames.reduce(into: []) { parts, frame in
            if let last = parts.last?.last, goesOn(last, frame) {
                parts[parts.count - 1].append(frame)
            } else {
                parts.append([frame])
            }
        }
    }

    /// nil where it is never alone. Of several of one length, the first.
    var longest: Stretch? {
        var best: [StarssFrame] = []
        for part in Self.parts(
            frames.filter { alone.contains($0.number) }, goesOn: { $1.number == $0.number + 1 })
        {
            var run: [StarssFrame] = []
            for frame in part {
                if let first = run.first, !Self.isNear(first, frame) { run = [] }
                run.append(frame)
                if run.count > best.count { best = run }
            }
        }
        return best.isEmpty ? nil : Stretch(best)
    }

    private static func isNear(_ first: StarssFrame, _ second: StarssFrame) -> Bool {
        let isBeside =
            (first.direction * second.direction).sum() >= cos(spread * .pi / 180) - 1e-12
        return isBeside
            && abs(second.distance - first.distance) <= distanceSpread * first.distance + 1e-9
    }

    /// Why it is of no use.
    var fault: ClipFault {
        guard Double(frames.count) / StarssFrame.perSecond >= RecordedSegment.shortest else {
            return .short
        }
        return aloneInAll >= RecordedSegment.shortest ? .moving : .overlapped
    }

    var reason: String {
        let what = "\(label) from \(start) s to \(end) s"
        let shortest = RecordedSegment.shortest
        return switch fault {
        case .short: "\(what) is shorter than \(shortest) s"
        case .moving: "\(what) is not heard alone from one place for \(shortest) s"
        default: "\(what) is not heard alone for \(shortest) s"
        }
    }

    /// The longest that it is alone, from wherever. Units: seconds.
    private var aloneInAll: Double {
        let parts = Self.parts(frames.filter { alone.contains($0.number) }) {
            $1.number == $0.number + 1
        }
        return Double(parts.map(\.count).max() ?? 0) / StarssFrame.perSecond
    }
}
