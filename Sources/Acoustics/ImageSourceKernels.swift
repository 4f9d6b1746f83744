/// Adds the images of a source in a room to the grids of the microphones.
///
/// The images form a lattice, so they are walked in lines along the room's shortest side (which
/// has the most of them): along a line only one coordinate changes, and distances, delays and
/// amplitudes of sixteen images are computed at once.
final class ImageSourceKernel {
    private let squares = AlignedBuffer(capacity: 16)
    private let gains = AlignedBuffer(capacity: 16)
    private let amplitudes = AlignedBuffer(capacity: 16)
    private let places = AlignedBuffer(capacity: 16)

    /// The number of images added, for every microphone alike.
    private(set) var imageCount = 0

    /// The latest delay that ``add(room:source:microphones:centre:set:soundSpeed:samplesPerMetre:to:)`` can
    /// bring. Units: metres of travel.
    static func reach(
        room: ShoeboxRoom, source: SIMD3<Double>, microphones: [SIMD3<Double>],
        centre: SIMD3<Double>, set: ImageSet, soundSpeed: Double
    ) -> Double {
        let radius = microphones.map { ($0 - centre).length }.max() ?? 0
        switch set {
        case .within(let seconds):
            return soundSpeed * seconds + radius
        case .order(let order):
            // The convex distance is largest at a corner of the octahedron of orders.
            var farthest = (source - centre).length
            for axis in 0..<3 {
                for sign in [-1, 1] {
                    let index = sign * order
                    var image = source
                    image[axis] =
                        index.isMultiple(of: 2)
                        ? Double(index) * room.size[axis] + source[axis]
                        : Double(index + 1) * room.size[axis] - source[axis]
                    farthest = max(farthest, (image - centre).length)
                }
            }
            // Images of odd order off the axis may lie up to a room's diagonal farther.
            return farthest + room.size.length + radius
        }
    }

    func add(
        room: ShoeboxRoom, source: SIMD3<Double>, microphones: [SIMD3<Double>],
        centre: SIMD3<Double>, set: ImageSet, soundSpeed: Double, samplesPerMetre: Double,
        to grid: PulseGrid
    ) {
        imageCount = 0
        let axes = (0..<3).sorted { (room.size[$0], $0) < (room.size[$1], $1) }
        let (inner, middle, outer) = (axes[0], axes[1], axes[2])
        let radius: Double
        let order: Int
        switch set {
        case .within(let seconds):
            radius = soundSpeed * seconds
            order = .max
        case .order(let limit):
            radius = .infinity
            order = limit
        }
        let lattice = (0..<3).map { axis in
            ImageAxis(
                length: room.size[axis], source: source[axis], reflection: room.reflection,
                reach: order == .max ? Int((radius / room.size[axis]).rounded(.up)) + 2 : order)
        }
        let line = lattice[inner]
        prepare(line, microphones.map { $0[inner] })
        let stride = paddedCount(line.positions.count)
        let scale = Float(samplesPerMetre * Double(FractionalDelay.cellsPerSample))

        for first in lattice[outer].positions.indices {
            let firstOrder = abs(first + lattice[outer].first)
            let fromCentre = lattice[outer].positions[first] - centre[outer]
            let left = radius * radius - fromCentre * fromCentre
            guard left >= 0, firstOrder <= order else { continue }
            for second in lattice[middle].positions.indices {
                let orders = firstOrder + abs(second + lattice[middle].first)
                guard orders <= order else { continue }
                let range: Range<Int>
                if order == .max {
                    let across = lattice[middle].positions[second] - centre[middle]
                    let rest = left - across * across
                    guard rest >= 0 else { continue }
                    range = line.places(within: rest.squareRoot(), of: centre[inner])
                } else {
                    range = orders - line.first - order..<order - orders - line.first + 1
                }
                guard !range.isEmpty else { continue }
                imageCount += range.count
                let gain = lattice[outer].gains[first] * lattice[middle].gains[second]
                for (channel, microphone) in microphones.enumerated() {
                    let x = lattice[outer].positions[first] - microphone[outer]
                    let y = lattice[middle].positions[second] - microphone[middle]
                    addLine(
                        squares: squares.base + channel * stride, range: range, gain: gain,
                        aside: Float(x * x + y * y), scale: scale,
                        to: grid.target(ofChannel: channel))
                }
            }
        }
    }

    /// Squared distances along the line for each microphone, and the reflection factors.
    private func prepare(_ line: ImageAxis, _ microphones: [Double]) {
        let stride = paddedCount(line.positions.count)
        squares.reserve(stride * microphones.count)
        gains.reserve(stride)
        amplitudes.reserve(stride)
        places.reserve(stride)
        // The padding is computed with, but never added: any finite values will do.
        squares.base.update(repeating: 1, count: stride * microphones.count)
        gains.clear(stride)
        for (channel, microphone) in microphones.enumerated() {
            for (index, position) in line.positions.enumerated() {
                let distance = position - microphone
                squares.base[channel * stride + index] = Float(distance * distance)
            }
        }
        for (index, gain) in line.gains.enumerated() { gains.base[index] = gain }
    }

    private func paddedCount(_ count: Int) -> Int { (count + 31) & ~15 }

    @inline(__always)
    private func addLine(
        squares: UnsafePointer<Float>, range: Range<Int>, gain: Float, aside: Float, scale: Float,
        to target: PulseGrid.Target
    ) {
        let count = range.count
        let distances = UnsafeRawPointer(squares + range.lowerBound)
        let factors = UnsafeRawPointer(gains.base + range.lowerBound)
        let placeVectors = UnsafeMutableRawPointer(places.base)
        let amplitudeVectors = UnsafeMutableRawPointer(amplitudes.base)
        var offset = 0
        while offset < count * 4 {
            let square = distances.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            let factor = factors.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
            let distance = (square + aside).squareRoot()
            placeVectors.storeBytes(
                of: Self.steps(distance * scale), toByteOffset: offset, as: SIMD16<Int32>.self)
            amplitudeVectors.storeBytes(
                of: factor * gain / distance, toByteOffset: offset, as: SIMD16<Float>.self)
            offset += 64
        }
        let places = UnsafeRawPointer(self.places.base).assumingMemoryBound(to: Int32.self)
        let heights = UnsafePointer(amplitudes.base)
        for index in 0..<count { target.add(heights[index], place: places[index]) }
    }

    /// Steps of delay from cells, in two parts: one float has not the bits for both.
    @inline(__always)
    static func steps(_ cells: SIMD16<Float>) -> SIMD16<Int32> {
        // Adding 1.5 * 2^23 leaves the nearest whole number in the low bits.
        let magic = SIMD16<Float>(repeating: 12_582_912)
        let half = SIMD16<Float>(repeating: 0.5)
        let bits = SIMD16<Int32>(repeating: Int32(bitPattern: Float(12_582_912).bitPattern))
        let whole = (cells - half) + magic
        let rest = cells - (whole - magic)
        let part = (rest * Float(FractionalDelay.steps) - half) + magic
        // A rest of exactly 1 gives step 1024, which the sum carries over to the next cell.
        return ((unsafeBitCast(whole, to: SIMD16<Int32>.self) &- bits) &<< 10)
            &+ (unsafeBitCast(part, to: SIMD16<Int32>.self) &- bits)
    }
}
