extension FeatureSettings {
    /// In air at 20 degrees Celsius, as rooms are simulated. Units: m/s.
    public static let speedOfSound = 343.0

    /// The spacing at which `lags` lags cover an array: a fifth more than the sound takes across
    /// its aperture, and two samples for the width of a peak, in steps of 1/32 sample.
    ///
    /// An array of 10 cm at 16 kHz and 64 lags gives a quarter of a sample.
    ///
    /// - Parameters:
    ///   - aperture: the largest distance between two microphones. Units: metres.
    ///   - soundSpeed: Units: m/s.
    ///
    /// Units: samples.
    public static func lagSpacing(
        aperture: Double, lags: Int, sampleRate: Int, soundSpeed: Double = speedOfSound
    ) -> Double {
        guard lags > 1 else { return 1 }
        let largest = 1.2 * aperture / soundSpeed * Double(sampleRate) + 2
        return (largest / (Double(lags - 1) / 2) * 32).rounded(.up) / 32
    }
}
