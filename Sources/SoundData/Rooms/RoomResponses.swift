public import Acoustics
public import Digests
public import Foundation
public import RoomFiles

/// Where the source of a response is, seen from the array. Units: radians, metres.
public struct ResponsePlace: Sendable, Hashable {
    /// Counter-clockwise from the array's x axis.
    public var azimuth: Double
    public var elevation: Double
    public var distance: Double

    public init(_ offset: SIMD3<Double>) {
        let level = (offset.x * offset.x + offset.y * offset.y).squareRoot()
        // Straight above or below, no azimuth is better than another.
        azimuth = level > 1e-9 ? Angle.wrap(atan2(offset.y, offset.x)) : 0
        elevation = atan2(offset.z, level)
        distance = (offset * offset).sum().squareRoot()
    }

    /// The same for places that are hard to tell apart.
    var name: String {
        let tenths = [azimuth, elevation].map { (10 * Angle.degrees(radians: $0)).rounded() }
        // -180 degrees are 180.
        let azimuth = tenths[0] == -1800 ? 1800 : tenths[0]
        return "\(Int(azimuth)) \(Int(tenths[1])) \(Int((100 * distance).rounded()))"
    }
}

/// Impulse responses of files, ready for a bank: at its sample rate, with their delays, at one level.
public final class RoomResponses: Sendable {
    /// One of the files.
    public struct File: Sendable, Hashable {
        public var name: String
        public var convention: RoomFile.Convention
        public var title: String
        public var sampleRate: Int
        public var responses: Int
        /// Units: seconds.
        public var length: Double
    }

    public let files: [File]
    public let array: MicrophoneArray
    /// Of each response.
    public let places: [ResponsePlace]
    /// Names all that was read.
    public let content: Digest
    /// Units: Hz.
    public let sampleRate: Int
    /// By this the responses start before the sound leaves the source. Units: samples.
    public var latency: Int { Self.latency(sampleRate) }
    /// Shape: [responses]; each [microphones][samples].
    private let samples: [[Float]]

    /// How far apart microphones of arrays may be that are taken for the same. Units: metres.
    public static let tolerance = 1e-3

    /// Four milliseconds: what resampling and parts of a sample of delay put before an impulse.
    private static func latency(_ sampleRate: Int) -> Int { sampleRate / 250 }

    /// Reads a SOFA file, or all of a folder (names that end with `.sofa`, in their order), each a room
    /// with the same array.
    ///
    /// The level of a set of responses is nobody's: one factor brings their mean energy, over all responses
    /// and microphones, to 1, which the direct sound has at one metre in simulated rooms.
    ///
    /// Throws: ``RoomFiles/RoomFileError``, ``RoomResponsesError``.
    public static func load(_ url: URL, sampleRate: Int = 16_000) throws -> RoomResponses {
        let urls = try files(at: url)
        var found: [(url: URL, room: RoomFile)] = []
        var total = 0
        for url in urls {
            let room = try RoomFileReader.read(url)
            total += room.samples.count
            guard total <= RoomFileLimits.samples else {
                throw RoomResponsesError.tooLarge(path: url.relativePath)
            }
            found.append((url: url, room: room))
        }
        return try RoomResponses(found, sampleRate: sampleRate)
    }

    /// Whether a path is a folder that has SOFA files.
    package static func isFolder(_ url: URL) -> Bool {
        FilePath.isFolder(url.path) && (try? files(at: url)) != nil
    }

    /// The files that a path stands for: itself, or those of a folder.
    package static func files(at url: URL) throws -> [URL] {
        guard FilePath.isFolder(url.path) else { return [url] }
        let names: [String]
        do {
            names = try FilePath.names(in: url.path)
        } catch {
            throw SoundDataError.fileSystem(
                path: url.relativePath, operation: "read", reason: error.reason)
        }
        let own = names.filter { $0.lowercased().hasSuffix(".sofa") && !$0.hasPrefix(".") }.sorted()
        guard !own.isEmpty else { throw RoomResponsesError.noFiles(path: url.relativePath) }
        let path = url.relativePath
        return own.map {
            URL(
                fileURLWithPath: path.hasSuffix("/") ? path + $0 : "\(path)/\($0)",
                relativeTo: url.baseURL)
        }
    }

    /// - Parameter found: files with what they hold, at least one.
    package init(_ found: [(url: URL, room: RoomFile)], sampleRate: Int) throws {
        guard let first = found.first else { throw RoomResponsesError.noFiles(path: "") }
        let array = Self.array(of: first.room)
        for (url, room) in found {
            let path = url.relativePath
            guard (2...8).contains(room.microphones.count) else {
                throw RoomResponsesError.microphones(path: path, count: room.microphones.count)
            }
            do {
                try Self.array(of: room).validate()
            } catch {
                throw RoomResponsesError.array(path: path, reason: "\(error)")
            }
            if let fault = Self.fault(ofPlaces: room) {
                throw RoomResponsesError.places(path: path, reason: fault)
            }
            if let difference = array.difference(from: Self.array(of: room)) {
                throw RoomResponsesError.otherArray(
                    path: path, than: first.url.relativePath, difference: difference)
            }
        }
        var hasher = DigestHasher()
        hasher.update("room responses 1 \(sampleRate) \(array.isOnHead == true)\n")
        var samples: [[Float]] = []
        for (_, room) in found {
            samples += try Self.samples(room, sampleRate)
            for place in room.microphones + room.sources {
                hasher.update("\(place.x) \(place.y) \(place.z)\n")
            }
        }
        let energy = samples.reduce(0.0) { sum, response in
            response.reduce(sum) { $0 + Double($1) * Double($1) }
        }
        let gain = Float((Double(samples.count * array.count) / energy).squareRoot())
        let levelled = samples.map { response in response.map { $0 * gain } }
        for response in levelled {
            hasher.update("\(response.count)\n")
            response.withUnsafeBytes { hasher.update($0) }
        }
        content = hasher.finalize()
        self.samples = levelled
        self.array = array
        self.sampleRate = sampleRate
        places = found.flatMap { $0.room.sources.map { ResponsePlace($0) } }
        files = found.map { url, room in
            File(
                name: url.lastPathComponent, convention: room.convention, title: room.title,
                sampleRate: room.sampleRate, responses: room.sources.count,
                length: Double(room.sampleCount) / Double(room.sampleRate))
        }
    }

    /// What no simulated scene could have either: microphones beyond the bounds of `array`, and sources
    /// nearer to the centre than a microphone, which hear a source in different directions.
    private static func fault(ofPlaces room: RoomFile) -> String? {
        let bounds = MicrophoneArray.bounds
        for (index, place) in room.microphones.enumerated() {
            for (axis, name) in ["x", "y", "z"].enumerated() where !bounds.contains(place[axis]) {
                return
                    "its receiver \(index) is at \(name) = \(place[axis]) m from the listener, but must "
                    + "be from \(Int(bounds.lowerBound)) to \(Int(bounds.upperBound)) m, as positions of "
                    + "array are; give a smaller array, or correct ReceiverPosition"
            }
        }
        let lengths = room.microphones.map { ($0 * $0).sum().squareRoot() }
        guard let farthest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }) else {
            return nil
        }
        for (index, place) in room.sources.enumerated() {
            let distance = (place * place).sum().squareRoot()
            guard distance < lengths[farthest] - 1e-6 else { continue }
            return
                "the source of response \(index) is \(Self.text(distance)) m from the listener, nearer "
                + "than receiver \(farthest) (\(Self.text(lengths[farthest])) m), so that it is in no one "
                + "direction from the array; leave the response out, or correct SourcePosition"
        }
        return nil
    }

    private static func text(_ metres: Double) -> String {
        "\((metres * 10_000).rounded() / 10_000)"
    }

    private static func array(of room: RoomFile) -> MicrophoneArray {
        MicrophoneArray(
            positions: room.microphones, isOnHead: room.convention.isOfHead ? true : nil)
    }

    /// The responses of a file with their delays, at another sample rate. Shape: [responses], each
    /// [microphones][samples].
    ///
    /// A filter's samples are to be scaled with the sample rate: their sum is its gain.
    private static func samples(_ room: RoomFile, _ sampleRate: Int) throws -> [[Float]] {
        let latency = Double(latency(sampleRate)) * Double(room.sampleRate) / Double(sampleRate)
        let lead = Int(latency.rounded())
        let latest = Int((room.delays.max() ?? 0).rounded(.up))
        let count = lead + latest + room.sampleCount + DelayedResponse.reach
        let scale = Float(room.sampleRate) / Float(sampleRate)
        return try room.sources.indices.map { response in
            try room.microphones.indices.flatMap { microphone -> [Float] in
                let row = response * room.microphones.count + microphone
                let delay = Double(lead) + (room.delays.isEmpty ? 0 : room.delays[row])
                let delayed = DelayedResponse.delay(
                    room.samples(ofResponse: response, microphone: microphone), by: delay,
                    count: count)
                let converted: [Float]
                do throws(AudioFileFault) {
                    converted = try Resampler.convert(
                        delayed, from: room.sampleRate, to: sampleRate)
                } catch {
                    throw RoomFileFault(error.reason)
                }
                return converted.map { $0 * scale }
            }
        }
    }

    /// The responses that clips of a split may be heard through.
    public func indices(for split: Split, _ division: RoomDivision) -> [Int] {
        if division == .side, let side = array.side {
            // A place at the end of the line is on both of its sides.
            return places.indices.filter {
                (side.lowerBound - 1e-6...side.upperBound + 1e-6).contains(places[$0].azimuth)
            }
        }
        guard !division.isUndivided else { return Array(places.indices) }
        let wanted = split == .pretraining ? .training : split
        let splits = division.splits(of: places)
        return places.indices.filter { splits[$0] == wanted }
    }

    /// How many places there are that can be told apart.
    public var distinctPlaces: Int { Set(places.map(\.name)).count }

    /// A response at all microphones.
    public func response(_ index: Int) -> MultichannelSignal {
        MultichannelSignal(
            channelCount: array.count, sampleRate: sampleRate, samples: samples[index])
    }
}

extension MicrophoneArray {
    /// In what another array differs, for a message; nil where it is the same within
    /// ``RoomResponses/tolerance``.
    package func difference(from other: MicrophoneArray) -> String? {
        guard count == other.count else {
            return "\(other.count) microphones, not \(count)"
        }
        for (index, (own, place)) in zip(positions, other.positions).enumerated()
        where !(((own - place) * (own - place)).sum().squareRoot() <= RoomResponses.tolerance) {
            return "microphone \(index) at \(Self.text(place)), not at \(Self.text(own))"
        }
        return nil
    }

    /// As a sweep file has it.
    package static func text(_ place: SIMD3<Double>) -> String {
        "["
            + (0..<3).map { axis in
                // No -0.
                let value = (place[axis] * 10_000).rounded() / 10_000
                return "\(value == 0 ? 0 : value)"
            }.joined(separator: ", ") + "]"
    }
}

/// What is wrong with a set of rooms beyond single files: what, the value, what to do.
public enum RoomResponsesError: Error, Hashable, CustomStringConvertible {
    case noFiles(path: String)
    case tooLarge(path: String)
    case microphones(path: String, count: Int)
    case array(path: String, reason: String)
    case places(path: String, reason: String)
    case otherArray(path: String, than: String, difference: String)

    public var description: String {
        switch self {
        case .noFiles(let path):
            "'\(path)' has no file that ends with .sofa; name a SOFA file, or a folder of them"
        case .tooLarge(let path):
            "with '\(path)' there are more than \(RoomFileLimits.samples) samples of responses; give fewer "
                + "or shorter ones"
        case .microphones(let path, let count):
            "'\(path)' has \(count == 1 ? "1 microphone" : "\(count) microphones"), but from 2 to 8 can be used; "
                + "give a file of as many"
        case .places(let path, let reason): "'\(path)' cannot be used: \(reason)"
        case .array(let path, let reason): "the array of '\(path)' cannot be used: \(reason)"
        case .otherArray(let path, let other, let difference):
            "'\(path)' has \(difference), as '\(other)' has it; give files of one array"
        }
    }
}
