import Acoustics

/// Where sources are heard once the microphones are in another order, as a symmetry of the array has it.
struct ReorderedDirections: Sendable {
    private let symmetries: [[Int]: ArraySymmetry]
    private let azimuths: ClosedRange<Double>

    /// - Parameter azimuths: where sources can be. Units: radians.
    init(_ array: MicrophoneArray, azimuths: ClosedRange<Double>) {
        symmetries = Dictionary(
            array.symmetries.map { ($0.permutation, $0) }, uniquingKeysWith: { first, _ in first })
        self.azimuths = azimuths
    }

    /// Units: radians.
    ///
    /// - Parameter microphones: microphone m of the view is `microphones[m]` of the recording; an order
    ///   that is no symmetry of the array is a fault of ours.
    func callAsFunction(_ azimuth: Double, microphones: [Int]) -> Double {
        guard let symmetry = symmetries[microphones] else {
            preconditionFailure("\(microphones) is no symmetry of the array")
        }
        let turned = symmetry.azimuth(azimuth)
        // A line hears both of its sides alike, and its sources are on one of them.
        return azimuths.contains(turned)
            ? turned : Angle.wrap(azimuths.lowerBound + azimuths.upperBound + .pi - turned)
    }
}
