import Acoustics
import Foundation
import Testing

@Suite("Microphone arrays") struct ArrayTests {
    @Test("a circular array starts at azimuth 0 and goes counter-clockwise")
    func circular() {
        let array = MicrophoneArray.circular(count: 4, diameter: 0.1)
        let expected: [SIMD3<Double>] = [
            SIMD3(0.05, 0, 0), SIMD3(0, 0.05, 0), SIMD3(-0.05, 0, 0), SIMD3(0, -0.05, 0),
        ]
        for (position, wanted) in zip(array.positions, expected) {
            let difference = position - wanted
            #expect(abs(difference.x) + abs(difference.y) + abs(difference.z) < 1e-12)
        }
        #expect(abs(array.aperture - 0.1) < 1e-12)
    }

    @Test("a linear array lies along y, centred")
    func linear() {
        let array = MicrophoneArray.linear(count: 3, spacing: 0.04)
        #expect(array.positions.map(\.y) == [-0.04, 0, 0.04])
        #expect(abs(array.aperture - 0.08) < 1e-12)
    }

    @Test(
        "symmetries: 2 M of a circle, 2 of a line, 8 of the tetrahedron, 1 of a lopsided array",
        arguments: [
            (MicrophoneArray.circular(count: 1, diameter: 0.1), 1),
            (MicrophoneArray.circular(count: 2, diameter: 0.1), 2),
            (MicrophoneArray.circular(count: 3, diameter: 0.1), 6),
            (MicrophoneArray.circular(count: 4, diameter: 0.1), 8),
            (MicrophoneArray.circular(count: 6, diameter: 0.2), 12),
            (MicrophoneArray.circular(count: 8, diameter: 0.1), 16),
            (MicrophoneArray.linear(count: 2, spacing: 0.1), 2),
            (MicrophoneArray.linear(count: 5, spacing: 0.03), 2),
            (MicrophoneArray.tetrahedral(radius: 0.042), 8),
            (
                MicrophoneArray(
                    positions: [SIMD3(0.05, 0.01, 0), SIMD3(0, 0.04, 0), SIMD3(-0.02, -0.03, 0)]), 1
            ),
        ])
    func symmetryCount(array: MicrophoneArray, expected: Int) {
        #expect(array.symmetries.count == expected)
        #expect(array.symmetries.first?.isIdentity == true)
        #expect(Set(array.symmetries.map(\.permutation)).count == expected)
    }

    @Test(
        "each symmetry really maps the array on itself",
        arguments: [
            MicrophoneArray.circular(count: 3, diameter: 0.1),
            .circular(count: 4, diameter: 0.1), .circular(count: 2, diameter: 0.2),
            .linear(count: 4, spacing: 0.05), .tetrahedral(radius: 0.042),
        ])
    func symmetriesMapTheArray(array: MicrophoneArray) {
        for symmetry in array.symmetries {
            for (microphone, original) in symmetry.permutation.enumerated() {
                let moved = symmetry(array.positions[original])
                let difference = moved - array.positions[microphone]
                #expect((difference * difference).sum().squareRoot() < 1e-9)
            }
        }
    }

    @Test("a symmetry moves azimuths as it moves points")
    func azimuths() {
        for symmetry in MicrophoneArray.circular(count: 4, diameter: 0.1).symmetries {
            for azimuth in [-2.5, -0.3, 0, 1.2, 3.0] {
                let moved = symmetry(SIMD3(cos(azimuth), sin(azimuth), 0.2))
                let seen = atan2(moved.y, moved.x)
                #expect(Angle.absoluteDifference(seen, symmetry.azimuth(azimuth)) < 1e-9)
            }
        }
    }

    @Test(
        "each symmetry of the tetrahedron takes an azimuth to one azimuth, whatever the elevation")
    func tetrahedralAzimuths() {
        for symmetry in MicrophoneArray.tetrahedral(radius: 0.042).symmetries {
            for azimuth in [-2.5, -0.3, 0, 1.2, 3.0] {
                for elevation in [-1.2, -0.4, 0.3, 1] {
                    let moved = symmetry(
                        MicrophoneArray.direction(azimuth: azimuth, elevation: elevation))
                    let seen = atan2(moved.y, moved.x)
                    #expect(Angle.absoluteDifference(seen, symmetry.azimuth(azimuth)) < 1e-9)
                }
            }
        }
    }

    @Test("an array on one line, seen from above, cannot tell the sides of the line apart")
    func mirrorAmbiguity() {
        #expect(MicrophoneArray.linear(count: 5, spacing: 0.03).hasMirrorAmbiguity)
        #expect(MicrophoneArray.circular(count: 2, diameter: 0.1).hasMirrorAmbiguity)
        #expect(!MicrophoneArray.circular(count: 3, diameter: 0.1).hasMirrorAmbiguity)
        #expect(!MicrophoneArray.tetrahedral(radius: 0.042).hasMirrorAmbiguity)
        let upright = MicrophoneArray(
            positions: [SIMD3(0.05, 0.05, 0), SIMD3(-0.05, -0.05, 0.1), SIMD3(0, 0, 0.2)])
        #expect(upright.hasMirrorAmbiguity)
    }

    @Test("microphones on a line tell azimuths apart on one side of it: ahead, or on the left")
    func side() throws {
        func side(_ positions: SIMD3<Double>...) -> [Double]? {
            MicrophoneArray(positions: positions).side.map { side in
                [side.lowerBound, side.upperBound].map { Angle.degrees(radians: $0) }
            }
        }
        let ahead = [-90.0, 90]
        #expect(MicrophoneArray.linear(count: 5, spacing: 0.03).side == -.pi / 2 ... .pi / 2)
        // Of either order, uneven, at other heights, off the centre, off by a rounding.
        #expect(side([0, 0.09, 0], [0, -0.09, 0]) == ahead)
        #expect(side([0, -0.09, 0], [0, 0.09, 0]) == ahead)
        #expect(side([0.02, 0.1, 0.1], [0.02, 0, 0], [0.02, -0.01, 0.3]) == ahead)
        #expect(side([1e-9, 0.09, 0], [0, -0.09, 0]) == ahead)
        #expect(side([0.05, 0, 0], [-0.05, 1e-9, 0]) == [0, 180])
        // The line from right behind to left ahead: ahead is on its right.
        for positions in [
            [SIMD3(0.05, 0.05, 0), [-0.05, -0.05, 0]], [[-0.05, -0.05, 0], [0.05, 0.05, 0]],
        ] {
            let found = try #require(side(positions[0], positions[1]))
            #expect(abs(found[0] + 135) < 1e-9 && abs(found[1] - 45) < 1e-9)
        }
        #expect(side([0, 0, 0.1], [0, 0, -0.1]) == nil)
        #expect(MicrophoneArray.circular(count: 3, diameter: 0.1).side == nil)
    }

    @Test("the tetrahedral array's flips also turn the elevation")
    func flips() {
        let symmetries = MicrophoneArray.tetrahedral(radius: 0.042).symmetries
        #expect(symmetries.filter(\.flipsElevation).count == 4)
        for symmetry in symmetries {
            #expect(symmetry.elevation(0.3) == (symmetry.flipsElevation ? -0.3 : 0.3))
        }
    }

    @Test("angles wrap to (-pi, pi]")
    func wrapping() {
        #expect(Angle.wrap(.pi) == .pi)
        #expect(Angle.wrap(-.pi) == .pi)
        #expect(abs(Angle.wrap(3 * .pi / 2) + .pi / 2) < 1e-12)
        #expect(abs(Angle.absoluteDifference(3.1, -3.1) - (2 * .pi - 6.2)) < 1e-12)
        #expect(Angle.radians(degrees: 180) == .pi)
        #expect(Angle.degrees(radians: .pi / 2) == 90)
    }

    @Test("an empty array and microphones at one place are refused")
    func validation() {
        #expect(throws: AcousticsError.microphonesMissing) {
            try MicrophoneArray(positions: []).validate()
        }
        #expect(throws: AcousticsError.microphonesCoincide(first: 0, second: 1)) {
            try MicrophoneArray(positions: [.zero, .zero]).validate()
        }
    }
}
