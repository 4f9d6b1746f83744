import Foundation
import RoomFiles
import TestSupport
import Testing

@Suite("SOFA files that are damaged, or made to do harm")
struct HostileFileTests {
    private static let faults: [(name: String, reason: String)] = [
        ("no-conventions", "its attribute SOFAConventions is missing; give a SOFA file (AES69)"),
        (
            "other-conventions",
            "its SOFAConventions is 'GeneralTF', but must be one of SimpleFreeFieldHRIR, "
                + "SingleRoomSRIR, MultiSpeakerBRIR"
        ),
        ("no-data-type", "its attribute DataType is missing; give a whole SOFA file"),
        ("number-for-text", "its attribute SOFAConventions is no text of at most 65,535 bytes"),
        ("rank", "its Data.IR has the shape [4, 32], but FIR wants 3 dimensions"),
        ("rank-5", "its Data.IR has 5 dimensions, but must have 4 at most"),
        ("fire-of-three", "its Data.IR has the shape [4, 2, 16], but FIRE wants 4 dimensions"),
        ("empty", "its Data.IR has the shape [4, 2, 0]: it holds nothing"),
        (
            "huge",
            "its SourcePosition has the shape [4, 3], but must have [1 or 50000, 3]"
        ),
        (
            "huge-measurements",
            "it has 1073741824 x 1 responses, but must have from 1 to 100000"
        ),
        (
            "huge-positions",
            "its SourcePosition has the shape [1073741824, 3], more than 300000 numbers"
        ),
        ("huge-chunk", "its Data.IR is kept in pieces of more than a gigabyte"),
        (
            "not-a-number",
            "response 1 at receiver 1 has the sample nan, which is no sound"
        ),
        ("infinite", "response 2 at receiver 0 has the sample inf, which is no sound"),
        ("silent", "response 3 is silent at all receivers"),
        (
            "dead-receiver",
            "its receiver 1 is silent in every response; leave the receiver out"
        ),
        (
            "dead-once",
            "response 2 is silent at receiver 1; leave the response or the receiver out"
        ),
        ("no-samples", "its Data.IR is missing; give a whole SOFA file"),
        ("no-rate", "its Data.SamplingRate is missing; give a whole SOFA file"),
        ("no-receivers", "its ReceiverPosition is missing; give a whole SOFA file"),
        ("no-sources", "its SourcePosition is missing; give a whole SOFA file"),
        ("no-listener", "its ListenerPosition is missing; give a whole SOFA file"),
        ("no-type", "its attribute SourcePosition:Type is missing; give a whole SOFA file"),
        ("no-units", "its attribute ReceiverPosition:Units is missing; give a whole SOFA file"),
        (
            "harmonics",
            "its ReceiverPosition has the type 'spherical harmonics', but must be cartesian or "
                + "spherical"
        ),
        ("feet", "its SourcePosition is cartesian in 'foot', which is not understood"),
        ("several-rates", "its responses have several sample rates; give them one"),
        ("rate-no-number", "its Data.SamplingRate is nan, but must be a whole number of hertz"),
        ("odd-rate", "its Data.SamplingRate is 16000.5, but must be a whole number of hertz"),
        ("impossible-rate", "its sample rate is -1 Hz, but must be from 4000 to 192000"),
        (
            "few-sources",
            "its SourcePosition has the shape [3, 3], but must have [1 or 4, 3]"
        ),
        (
            "receivers-of-others",
            "its ReceiverPosition has the shape [5, 3, 1], but must have [2, 3, 1 or 4]"
        ),
        (
            "moving-array",
            "its ReceiverPosition changes from measurement to measurement, but an array is of one "
                + "shape"
        ),
        (
            "at-the-listener",
            "the source of response 0 is where the listener is, which is no direction"
        ),
        (
            "place-no-number",
            "the source of response 0 is at (nan, nan, nan) m, but must be within 1000 m of the "
                + "listener"
        ),
        ("one-line", "its ListenerView and ListenerUp lie along one line"),
        (
            "negative-delay",
            "the delay of response 0 at receiver 0 is -3.0 samples, but must be from 0 to 10 s"
        ),
        (
            "endless-delay",
            "the delay of response 0 at receiver 0 is 1000000000000.0 samples, but must be from 0 to "
                + "10 s"
        ),
        (
            "external-link",
            "its Data.IR is a link to another place, which is not followed; write it into the file"
        ),
        (
            "soft-link",
            "its Data.IR is a link to another place, which is not followed; write it into the file"
        ),
        (
            "external-storage",
            "its Data.IR is kept in another file, which is not read; write it into the file"
        ),
        (
            "virtual",
            "its Data.IR is kept in another file, which is not read; write it into the file"
        ),
        (
            "plug-in",
            "its Data.IR is compressed by filter 32099, which HDF5 itself does not have; compress it "
                + "by deflate"
        ),
        ("texts", "its Data.IR does not hold numbers"),
        ("group", "its Data.IR is no variable of numbers"),
        ("compound", "its Data.IR does not hold numbers"),
    ]

    private func reason(_ url: URL) -> String {
        do {
            _ = try RoomFile(sofa: url)
            return "none"
        } catch {
            return error.description
        }
    }

    @Test("are refused, each for what is wrong with it", arguments: faults)
    func refused(_ name: String, _ wanted: String) {
        #expect(reason(SOFAFixtures.hostile(name)) == wanted)
    }

    @Test("every file of the folder is refused here")
    func complete() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: SOFAFixtures.folder.appending(path: "hostile").path)
        #expect(Set(names) == Set((Self.faults.map { $0.name } + ["plain"]).map { $0 + ".sofa" }))
    }

    @Test("a file that ends too early is refused, wherever it ends")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: SOFAFixtures.folder.appending(path: "room.sofa"))
        for part in 0..<40 {
            let file = try folder.file("part.sofa")
            try whole.prefix(whole.count * part / 40).write(to: file)
            #expect(reason(file) != "none", "\(part) of 40")
        }
    }

    @Test("what is no file is told from a file that cannot be used")
    func noFile() throws {
        let folder = try TemporaryFolder()
        func message(_ url: URL) -> String {
            do {
                _ = try RoomFileReader.read(url)
                return "none"
            } catch {
                return "\(error)".replacing(folder.url.path, with: "DIR")
            }
        }
        #expect(
            message(folder.url.appending(path: "x.sofa"))
                == "'DIR/x.sofa' cannot be used: there is no such file; give one")
        #expect(
            message(URL(filePath: "/dev/zero"))
                == "'/dev/zero' cannot be used: it is no regular file; give a SOFA file")
        try folder.write("no HDF5", to: "text.sofa")
        #expect(
            message(folder.url.appending(path: "text.sofa"))
                == "'DIR/text.sofa' cannot be used: it is no file of HDF5, which SOFA files are, or it is "
                + "not whole")
    }
}
