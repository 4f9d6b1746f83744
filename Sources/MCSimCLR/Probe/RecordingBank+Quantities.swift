import Acoustics
import Foundation
package import SoundData

extension RecordingBank {
    /// A quantity of a source of a recording, or of its room, `seconds` after the start; nil where the bank
    /// does not know it: the rooms of real recordings.
    ///
    /// Units: those of ``ProbeTarget``.
    package func quantity(
        _ target: ProbeTarget, ofSource source: Int, of recording: Int, at seconds: Double?
    ) -> Double? {
        let recording = recordings[recording]
        let place = recording.sources[source]
        switch target {
        case .sourceClass, .azimuth: preconditionFailure("\(target) is no quantity")
        case .elevation:
            let elevation = Angle.degrees(
                radians: seconds.map(place.elevation(at:)) ?? place.elevation)
            return settings.array.isHorizontal ? abs(elevation) : elevation
        case .distance: return seconds.map(place.distance(at:)) ?? place.distance
        case .rt60: return recording.reverberationTime
        case .volume: return recording.room.map { log2($0.x * $0.y * $0.z) }
        case .aspect: return recording.room.map { abs(log2($0.x / $0.y)) }
        }
    }
}
