import AblateCommands
import Foundation
import SoundData

/// What is odd about recordings that are used one by one.
enum RecordingWarning {
    static func write(of recordings: [String]) {
        for path in recordings {
            guard let text = DataRemark.sentence(of: URL(fileURLWithPath: path)) else { continue }
            Console.error("warning: \(text)")
        }
    }
}
