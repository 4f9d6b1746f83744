import Files
import Foundation

extension SoundDataSet {
    /// TAU Spatial Sound Events 2019, microphone array format: 4 channels recorded with sources at
    /// known directions. The clips are the stretches in which one source is heard alone, half a
    /// second at least; no room is simulated. ``DataSettings/fold`` is the test split of the four, the
    /// next one validates.
    ///
    /// Layout: `mic_dev/*.wav` and `metadata_dev/*.csv` of the same names (sound_event_recording,
    /// start_time, end_time, ele, azi, dist; seconds, degrees counter-clockwise, metres).
    static func loadTAU2019(
        _ url: URL, _ settings: DataSettings, _ look: FirstLook
    ) throws -> SoundDataSet {
        let source = DataSource.tau2019.rawValue
        let folder = try requireLayout(url, source: source, ["mic_dev", "metadata_dev"])
        try requireFold(settings.fold, of: 4, source: source)
        let metadata = folder.appendingPathComponent("metadata_dev")
        let names = try FileManager.default.contentsOfDirectory(atPath: metadata.path)
            .filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }.sorted()
        guard !names.isEmpty else {
            throw SoundDataError.layout(
                source: source, path: folder.path, missing: "metadata_dev/*.csv")
        }
        var candidates: [ClipCandidate] = []
        var leftOut: [LeftOutClip] = []
        for name in names {
            guard let fold = tauFold(name) else {
                throw SoundDataError.layout(
                    source: source, path: folder.path,
                    missing: "split1_ to split4_ in the name of metadata_dev/\(name)")
            }
            let recording = "mic_dev/" + name.dropLast(4) + ".wav"
            let file = folder.appendingPathComponent(recording)
            let events = try tauEvents(metadata.appendingPathComponent(name))
            for (index, event) in events.enumerated() {
                let alone = event.longestStretchAlone(among: events, index: index)
                if let fault = event.fault(alone: alone) {
                    leftOut.append(
                        LeftOutClip(
                            path: "\(recording)#\(event.start)", fault: fault.fault,
                            reason: fault.reason))
                    continue
                }
                guard let alone else { continue }
                candidates.append(
                    ClipCandidate(
                        identifier: "\(recording)#\(alone.lowerBound)", file: file,
                        label: event.label, split: split(ofFold: fold, folds: 4, settings),
                        group: recording,
                        segment: RecordedSegment(
                            file: file, start: alone.lowerBound, end: alone.upperBound,
                            azimuth: event.azimuth, elevation: event.elevation,
                            distance: event.distance)))
            }
        }
        return try ClipCollection(
            name: "TAU Spatial Sound Events 2019", path: url.path, folder: folder,
            candidates: candidates, requiredChannels: 4, leftOut: leftOut
        ).dataSet(settings, look)
    }

    private static func tauFold(_ name: String) -> Int? {
        guard name.hasPrefix("split"), let digit = name.dropFirst(5).first?.wholeNumberValue,
            name.dropFirst(6).first == "_"
        else { return nil }
        return (1...4).contains(digit) ? digit : nil
    }

    private static func tauEvents(_ url: URL) throws -> [SpatialEvent] {
        let table = try readTable(url, source: DataSource.tau2019.rawValue)
        let label = try requireColumn("sound_event_recording", of: table, url)
        let numbers = ["start_time", "end_time", "ele", "azi", "dist"]
        let columns = try numbers.map { try requireColumn($0, of: table, url) }
        return try table.rows.map { row in
            let values = try zip(columns, numbers).map {
                try requireNumber($0, of: row, $1, url)
            }
            func within(_ number: Int, _ range: ClosedRange<Double>, _ unit: String) throws
                -> Double
            {
                try requireNumber(
                    columns[number], of: row, numbers[number], url, within: range, unit)
            }
            let elevation = try within(2, RecordedSegment.elevations, "degrees")
            let azimuth = try within(3, RecordedSegment.azimuths, "degrees")
            return SpatialEvent(
                label: try requireField(label, of: row, "sound_event_recording", url),
                start: values[0], end: values[1], azimuth: azimuth * .pi / 180,
                elevation: elevation * .pi / 180,
                distance: try within(4, RecordedSegment.distances, "metres"))
        }
    }
}

/// One event of a recording's annotation. Units: seconds, radians, metres.
private struct SpatialEvent {
    let label: String
    let start: Double
    let end: Double
    let azimuth: Double
    let elevation: Double
    let distance: Double

    /// Why the event is of no use; nil where a stretch of it is.
    func fault(alone: Range<Double>?) -> AudioFileFault? {
        guard end > start else {
            return AudioFileFault(.short, "\(label) from \(start) s ends at \(end) s")
        }
        let shortest = RecordedSegment.shortest
        guard end - start >= shortest else {
            return AudioFileFault(
                .short, "\(label) from \(start) s to \(end) s is shorter than \(shortest) s")
        }
        let seconds = alone.map { $0.upperBound - $0.lowerBound } ?? 0
        return seconds >= shortest
            ? nil
            : AudioFileFault(
                .overlapped,
                "\(label) from \(start) s to \(end) s is not heard alone for \(shortest) s")
    }

    /// nil where other events cover all of this one.
    func longestStretchAlone(among events: [SpatialEvent], index: Int) -> Range<Double>? {
        guard end > start else { return nil }
        var free = [start..<end]
        for (other, event) in events.enumerated() where other != index && event.end > event.start {
            free = free.flatMap { stretch in
                [
                    stretch
                        .lowerBound..<max(stretch.lowerBound, min(stretch.upperBound, event.start)),
                    min(
                        stretch.upperBound, max(stretch.lowerBound, event.end))..<stretch.upperBound,
                ]
                .filter { !$0.isEmpty }
            }
        }
        return free.max { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }
    }
}
