import ArgumentParser
import Foundation
import Platform
import RoomFiles

/// `ablate read-rooms`: what a process does that reads a file of impulse responses for another one.
struct ReadRoomsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: RoomFileReader.command,
        abstract: "Read a file of impulse responses for another process.",
        discussion: """
            Commands start it by themselves: a damaged file ends this process alone.

            EXAMPLE
              ablate read-rooms room.sofa form
            """, shouldDisplay: false)

    @Argument(help: "A SOFA file.")
    var file: String

    @Argument(help: "The file to write.")
    var form: String

    /// Beside what the process has: the largest file in two copies, and what the library needs. Units: bytes.
    private static let memory = 4 << 30

    func run() throws {
        ResourceLimits.leaveAddressSpace(Self.memory)
        try RoomFileReader.write(
            URL(fileURLWithPath: file), to: URL(fileURLWithPath: form))
    }
}
