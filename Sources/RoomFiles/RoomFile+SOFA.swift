public import Foundation

// Files of AES69-2022 (SOFA): variables of HDF5 whose first dimension is the measurement (M), with
// receivers (R), emitters (E), samples (N) and coordinates (C).
extension RoomFile {
    /// Reads a SOFA file of one of the conventions, in this process: see ``RoomFileReader``.
    ///
    /// Every direction is seen from the listener: the source (or emitter, about the source's own axes) less
    /// `ListenerPosition`, along `ListenerView` with `ListenerUp`.
    ///
    /// Throws: ``RoomFileFault``.
    public init(sofa url: URL) throws(RoomFileFault) {
        self = try HDF5File.withFile(url.path) { file throws(RoomFileFault) in
            try SOFAReading(file).room()
        }
        try validate()
    }
}

/// One reading of a SOFA file.
private struct SOFAReading {
    private let file: HDF5File

    init(_ file: HDF5File) { self.file = file }

    /// Where the dimensions of Data.IR are.
    private struct Sizes {
        var measurements: Int
        var receivers: Int
        var emitters: Int
        var samples: Int
        /// Whether the emitters are the last dimension, and not the last but one.
        var emittersAreLast = false
    }

    func room() throws(RoomFileFault) -> RoomFile {
        let convention = try convention()
        let rate = try sampleRate()
        let sizes = try sizes()
        let listener = try Places(file, "ListenerPosition", sizes.measurements)
        let axes = try axes("Listener", sizes.measurements)
        let sources = try sources(sizes, listener, axes)
        let delays = try delays(sizes)
        let samples = try samples(sizes)
        return RoomFile(
            convention: convention, title: try title(), sampleRate: rate,
            microphones: try receivers(sizes), sources: sources, delays: delays,
            sampleCount: sizes.samples, samples: samples)
    }

    private func convention() throws(RoomFileFault) -> RoomFile.Convention {
        guard let name = try file.text("SOFAConventions") else {
            throw RoomFileFault(
                "its attribute SOFAConventions is missing; give a SOFA file (AES69)")
        }
        guard let convention = RoomFile.Convention(rawValue: name) else {
            let known = RoomFile.Convention.allCases.map(\.rawValue).joined(separator: ", ")
            throw RoomFileFault("its SOFAConventions is '\(name)', but must be one of \(known)")
        }
        return convention
    }

    private func title() throws(RoomFileFault) -> String {
        for name in ["Title", "RoomDescription", "DatabaseName"] {
            if let text = try file.text(name), !text.isEmpty {
                return String(text.prefix(200)).replacing("\n", with: " ")
            }
        }
        return ""
    }

    private func sampleRate() throws(RoomFileFault) -> Int {
        let name = "Data.SamplingRate"
        guard let rates = try file.doubles(name, most: RoomFileLimits.responses),
            let first = rates.values.first
        else { throw missing(name) }
        if let none = rates.values.first(where: { !$0.isFinite }) {
            throw RoomFileFault("its \(name) is \(none), but must be a whole number of hertz")
        }
        guard rates.values.allSatisfy({ $0 == first }) else {
            throw RoomFileFault("its responses have several sample rates; give them one")
        }
        let units = try file.text("Units", of: name)?.lowercased()
        guard units == nil || ["hertz", "hz"].contains(units) else {
            throw RoomFileFault("its \(name) is in '\(units ?? "")', but must be in hertz")
        }
        guard let rate = Int(exactly: first) else {
            throw RoomFileFault("its \(name) is \(first), but must be a whole number of hertz")
        }
        return rate
    }

    private func sizes() throws(RoomFileFault) -> Sizes {
        guard let kind = try file.text("DataType") else { throw missing("attribute DataType") }
        let wanted = ["FIR": 3, "FIRE": 4, "FIR-E": 4]
        guard let rank = wanted[kind] else {
            throw RoomFileFault("its DataType is '\(kind)', but must be FIR, FIRE or FIR-E")
        }
        guard let shape = try file.shape("Data.IR") else { throw missing("Data.IR") }
        guard shape.count == rank else {
            throw RoomFileFault(
                "its Data.IR has the shape \(shape), but \(kind) wants \(rank) dimensions")
        }
        guard !shape.contains(0) else {
            throw RoomFileFault("its Data.IR has the shape \(shape): it holds nothing")
        }
        let last = kind == "FIR-E"
        let emitters = rank == 3 ? 1 : last ? shape[3] : shape[2]
        let samples = rank == 3 || last ? shape[2] : shape[3]
        guard shape[1] <= RoomFileLimits.microphones else {
            throw RoomFileFault(
                "it has \(shape[1]) receivers, but must have from 1 to \(RoomFileLimits.microphones)"
            )
        }
        guard Double(shape[0]) * Double(emitters) <= Double(RoomFileLimits.responses) else {
            throw RoomFileFault(
                "it has \(shape[0]) x \(emitters) responses, but must have from 1 to "
                    + "\(RoomFileLimits.responses)")
        }
        return Sizes(
            measurements: shape[0], receivers: shape[1], emitters: emitters, samples: samples,
            emittersAreLast: last)
    }

    /// Shape: [measurements x emitters].
    private func sources(
        _ sizes: Sizes, _ listener: Places, _ axes: [Axes]
    ) throws(RoomFileFault) -> [SIMD3<Double>] {
        let source = try Places(file, "SourcePosition", sizes.measurements)
        let emitters = try emitters(sizes)
        let isApart = emitters.contains { $0.contains { ($0 * $0).sum() > 1e-12 } }
        let own = isApart ? try self.axes("Source", sizes.measurements) : [Axes()]
        return (0..<sizes.measurements).flatMap { measurement -> [SIMD3<Double>] in
            emitters[measurement % emitters.count].map { emitter -> SIMD3<Double> in
                let place = source[measurement] + own[measurement % own.count].turned(emitter)
                return axes[measurement % axes.count].seen(place - listener[measurement])
            }
        }
    }

    /// Relative to the source. Shape: [1 or measurements][emitters].
    private func emitters(_ sizes: Sizes) throws(RoomFileFault) -> [[SIMD3<Double>]] {
        let name = "EmitterPosition"
        guard let rows = try triples(name, sizes.emitters, sizes.measurements) else {
            guard sizes.emitters == 1 else { throw missing(name) }
            return [[.zero]]
        }
        return rows
    }

    /// Relative to the listener. Shape: [receivers].
    private func receivers(_ sizes: Sizes) throws(RoomFileFault) -> [SIMD3<Double>] {
        let name = "ReceiverPosition"
        guard let rows = try triples(name, sizes.receivers, sizes.measurements) else {
            throw missing(name)
        }
        for row in rows {
            for (place, first) in zip(row, rows[0])
            where !(((place - first) * (place - first)).sum() < 1e-6) {
                throw RoomFileFault(
                    "its \(name) changes from measurement to measurement, but an array is of one shape"
                )
            }
        }
        return rows[0]
    }

    /// Shape of a variable: [count][coordinates][1 or measurements]; here [1 or measurements][count].
    /// nil where there is none.
    private func triples(
        _ name: String, _ count: Int, _ measurements: Int
    ) throws(RoomFileFault) -> [[SIMD3<Double>]]? {
        let most = 3 * RoomFileLimits.responses
        guard let found = try file.doubles(name, most: most) else { return nil }
        let shape = found.shape.count == 2 ? found.shape + [1] : found.shape
        guard shape.count == 3, shape[0] == count, shape[1] == 3,
            shape[2] == 1 || shape[2] == measurements
        else {
            throw RoomFileFault(
                "its \(name) has the shape \(found.shape), but must have [\(count), 3, 1 or \(measurements)]"
            )
        }
        let coordinates = try Coordinates(file, name)
        return (0..<shape[2]).map { measurement in
            (0..<count).map { index in
                let values = (0..<3).map { found.values[(index * 3 + $0) * shape[2] + measurement] }
                return coordinates.cartesian(SIMD3(values[0], values[1], values[2]))
            }
        }
    }

    /// Shape: [1 or measurements].
    private func axes(_ name: String, _ measurements: Int) throws(RoomFileFault) -> [Axes] {
        func places(_ own: String, _ usual: SIMD3<Double>) throws(RoomFileFault) -> Places {
            guard try file.shape(own) != nil else { return Places([usual]) }
            return try Places(file, own, measurements, typedBy: name + "View")
        }
        let view = try places(name + "View", SIMD3(1, 0, 0))
        let up = try places(name + "Up", SIMD3(0, 0, 1))
        var axes: [Axes] = []
        for index in 0..<max(view.count, up.count) {
            guard let made = Axes(view: view[index], up: up[index]) else {
                throw RoomFileFault("its \(name)View and \(name)Up lie along one line")
            }
            axes.append(made)
        }
        return axes
    }

    /// Shape: [measurements x emitters][receivers], row by row; empty where all are 0.
    private func delays(_ sizes: Sizes) throws(RoomFileFault) -> [Double] {
        let name = "Data.Delay"
        let most = RoomFileLimits.responses * RoomFileLimits.microphones
        guard let found = try file.doubles(name, most: most) else { return [] }
        var shape = found.shape
        // Of one emitter, the dimension may be left out; of one receiver or measurement, be 1.
        if shape.count == 2 { shape.append(1) }
        guard shape.count == 3, shape[0] == 1 || shape[0] == sizes.measurements,
            shape[1] == 1 || shape[1] == sizes.receivers,
            shape[2] == 1 || shape[2] == sizes.emitters
        else {
            throw RoomFileFault(
                "its \(name) has the shape \(found.shape), but must have [1 or \(sizes.measurements), "
                    + "\(sizes.receivers)\(sizes.emitters > 1 ? ", \(sizes.emitters)" : "")]")
        }
        guard found.values.contains(where: { $0 != 0 }) else { return [] }
        var delays: [Double] = []
        for measurement in 0..<sizes.measurements {
            for emitter in 0..<sizes.emitters {
                for receiver in 0..<sizes.receivers {
                    let row = (measurement % shape[0] * shape[1] + receiver % shape[1]) * shape[2]
                    delays.append(found.values[row + emitter % shape[2]])
                }
            }
        }
        return delays
    }

    /// Shape: [measurements x emitters][receivers][samples], row by row.
    private func samples(_ sizes: Sizes) throws(RoomFileFault) -> [Float] {
        guard let found = try file.floats("Data.IR", most: RoomFileLimits.samples) else {
            throw missing("Data.IR")
        }
        let (emitters, samples, receivers) = (sizes.emitters, sizes.samples, sizes.receivers)
        guard found.values.count == sizes.measurements * receivers * emitters * samples else {
            throw RoomFileFault("its Data.IR is not whole")
        }
        if emitters == 1 { return found.values }
        var sorted = [Float](repeating: 0, count: found.values.count)
        var place = 0
        for measurement in 0..<sizes.measurements {
            for emitter in 0..<emitters {
                for receiver in 0..<receivers {
                    let row = (measurement * receivers + receiver) * emitters * samples
                    for sample in 0..<samples {
                        let offset =
                            sizes.emittersAreLast
                            ? sample * emitters + emitter : emitter * samples + sample
                        sorted[place] = found.values[row + offset]
                        place += 1
                    }
                }
            }
        }
        return sorted
    }

    private func missing(_ name: String) -> RoomFileFault {
        RoomFileFault("its \(name) is missing; give a whole SOFA file")
    }
}

/// How a variable writes places.
private struct Coordinates {
    private var isSpherical: Bool
    /// Radians for one of its units.
    private var angle = Double.pi / 180

    /// - Parameter typedBy: the variable that says it in the place of one that does not, or need not say it:
    ///   cartesian then.
    init(_ file: HDF5File, _ name: String, typedBy other: String? = nil) throws(RoomFileFault) {
        var ownType = try file.text("Type", of: name)
        var ownUnits = try file.text("Units", of: name)
        if let other {
            if ownType == nil { ownType = try file.text("Type", of: other) ?? "cartesian" }
            if ownUnits == nil { ownUnits = try file.text("Units", of: other) ?? "metre" }
        }
        guard let type = ownType else {
            throw RoomFileFault("its attribute \(name):Type is missing; give a whole SOFA file")
        }
        guard let units = ownUnits else {
            throw RoomFileFault("its attribute \(name):Units is missing; give a whole SOFA file")
        }
        let words = units.lowercased().split { ", ;".contains($0) }.map { word -> String in
            // Singular and plural, in British or American English.
            var word = word.hasSuffix("s") ? String(word.dropLast()) : String(word)
            if word == "meter" || word == "m" { word = "metre" }
            if word == "deg" { word = "degree" }
            if word == "rad" { word = "radian" }
            return word
        }
        func unknown() -> RoomFileFault {
            RoomFileFault("its \(name) is \(type) in '\(units)', which is not understood")
        }
        switch type.lowercased() {
        case "cartesian":
            isSpherical = false
            guard !words.isEmpty, words.allSatisfy({ $0 == "metre" }) else { throw unknown() }
        case "spherical":
            isSpherical = true
            guard words.count == 3, words[0] == words[1], words[2] == "metre",
                ["degree", "radian"].contains(words[0])
            else { throw unknown() }
            if words[0] == "radian" { angle = 1 }
        default:
            throw RoomFileFault(
                "its \(name) has the type '\(type)', but must be cartesian or spherical")
        }
    }

    /// Azimuth counter-clockwise from x, elevation from the horizontal plane, radius.
    func cartesian(_ place: SIMD3<Double>) -> SIMD3<Double> {
        guard isSpherical else { return place }
        let (azimuth, elevation) = (place.x * angle, place.y * angle)
        return SIMD3(
            cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation)) * place.z
    }
}

/// A place for each measurement, or one for all.
private struct Places {
    private let rows: [SIMD3<Double>]

    init(_ rows: [SIMD3<Double>]) { self.rows = rows }

    init(
        _ file: HDF5File, _ name: String, _ measurements: Int, typedBy other: String? = nil
    ) throws(RoomFileFault) {
        guard let found = try file.doubles(name, most: 3 * RoomFileLimits.responses) else {
            throw RoomFileFault("its \(name) is missing; give a whole SOFA file")
        }
        let shape = found.shape
        guard shape.count == 2, shape[0] == 1 || shape[0] == measurements, shape[1] == 3 else {
            throw RoomFileFault(
                "its \(name) has the shape \(shape), but must have [1 or \(measurements), 3]")
        }
        let coordinates = try Coordinates(file, name, typedBy: other)
        rows = (0..<shape[0]).map { row in
            coordinates.cartesian(
                SIMD3(
                    found.values[3 * row], found.values[3 * row + 1], found.values[3 * row + 2]))
        }
    }

    var count: Int { rows.count }

    subscript(measurement: Int) -> SIMD3<Double> { rows[measurement % rows.count] }
}

/// The axes of a listener or a source: x forward, y left, z up.
private struct Axes {
    private var x = SIMD3<Double>(1, 0, 0)
    private var y = SIMD3<Double>(0, 1, 0)
    private var z = SIMD3<Double>(0, 0, 1)

    init() {}

    /// nil where the two have no plane.
    init?(view: SIMD3<Double>, up: SIMD3<Double>) {
        guard let forward = Self.unit(view) else { return nil }
        guard let upward = Self.unit(up - forward * (forward * up).sum()) else { return nil }
        x = forward
        z = upward
        y = SIMD3(
            z.y * x.z - z.z * x.y, z.z * x.x - z.x * x.z, z.x * x.y - z.y * x.x)
    }

    private static func unit(_ vector: SIMD3<Double>) -> SIMD3<Double>? {
        let length = (vector * vector).sum().squareRoot()
        return length > 1e-9 && length.isFinite ? vector / length : nil
    }

    /// What is at `offset` in the world, along these axes.
    func seen(_ offset: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3((offset * x).sum(), (offset * y).sum(), (offset * z).sum())
    }

    /// What is at `place` along these axes, in the world.
    func turned(_ place: SIMD3<Double>) -> SIMD3<Double> {
        x * place.x + y * place.y + z * place.z
    }
}
