import AudioFeatures
import Foundation
import Testing

@Suite("Files in NumPy's format")
struct NumPyFileTests {
    private func inFolder<R>(_ body: (URL) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("numpy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    @Test(
        "What is written is read back, bit for bit",
        arguments: [[2, 3, 2], [12], [12, 1], [0, 4], []] as [[Int]])
    func roundTrip(shape: [Int]) throws {
        try inFolder { folder in
            let url = folder.appendingPathComponent("x.npy")
            let values = (0..<shape.reduce(1, *)).map { Float($0) * -0.1 }
            try NumPyFile.write(values, shape: shape, to: url)
            let found = try NumPyFile.read(url)
            #expect(found.values == values && found.shape == shape)
            let header = try Data(contentsOf: url).count - 4 * values.count
            #expect(header % 64 == 0)
        }
    }

    @Test("A file from numpy.save is read")
    func foreignFile() throws {
        let found = try Fixture.array("default-samples")
        #expect(found.shape == [4, 1152] && found.values.count == 4608)
    }

    @Test("Other types, orders, torn files and other formats are refused by name")
    func faults() throws {
        try inFolder { folder in
            let url = folder.appendingPathComponent("x.npy")
            func message(_ header: String, values: Int = 4) throws -> String {
                var bytes = Data(
                    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0])
                bytes.append(contentsOf: Array(header.utf8))
                bytes.append(Data(count: values))
                try bytes.write(to: url)
                do {
                    _ = try NumPyFile.read(url)
                    return "no error"
                } catch { return "\(error)" }
            }
            let layout = "but must hold 32-bit floats, little endian, in C order"
            let remedy = "save it with numpy.ascontiguousarray(x, '<f4')"
            #expect(
                try message("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }")
                    == "\(url.path): holds type '<f8', order C, \(layout): \(remedy)")
            #expect(
                try message("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }")
                    == "\(url.path): holds type '<f4', order Fortran, \(layout): \(remedy)")
            #expect(
                try message("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }")
                    == "\(url.path): is 71 bytes long, but its header asks for 75: write it anew")
            #expect(
                try message("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }")
                    .contains("is no .npy file"))
            let huge = "(4611686018427387904, 4611686018427387904)"
            #expect(
                try message("{'descr': '<f4', 'fortran_order': False, 'shape': \(huge), }")
                    .contains("but its header asks for"))
            // Without a byte of it in memory: this one has 64 GB of nothing.
            _ = try message("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")
            let file = try FileHandle(forWritingTo: url)
            try file.truncate(atOffset: 1 << 36)
            try file.close()
            #expect {
                try NumPyFile.read(url)
            } throws: {
                "\($0)".contains("is 68719476736 bytes long, but its header asks for 71")
            }
            try Data("RIFF....WAVEfmt ".utf8).write(to: url)
            #expect {
                try NumPyFile.read(url)
            } throws: {
                "\($0)"
                    == """
                    \(url.path): is no .npy file: give a file written by numpy.save or `ablate \
                    features`
                    """
            }
        }
    }

    @Test("A shape that the values do not fill is refused")
    func wrongShape() throws {
        let url = URL(fileURLWithPath: "/nonexistent/x.npy")
        #expect {
            try NumPyFile.write([1, 2, 3], shape: [2, 2], to: url)
        } throws: {
            "\($0)" == "3 values do not fill the shape [2, 2]: it needs 4 of them"
        }
    }

    @Test("A folder that is not there is an error with its path")
    func unwritable() throws {
        let url = URL(fileURLWithPath: "/nonexistent/x.npy")
        #expect {
            try NumPyFile.write([1], shape: [1], to: url)
        } throws: {
            "\($0)".hasPrefix("/nonexistent/x.npy: ")
                && "\($0)".hasSuffix(": check the path and the rights on its folder")
        }
        #expect(throws: AudioFeaturesError.self) { try NumPyFile.read(url) }
    }
}
