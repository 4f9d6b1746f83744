import Digests
import Foundation
import Testing

@Suite("Digest")
struct DigestTests {
    @Test("the empty text has XXH3's published 128-bit hash")
    func emptyText() {
        #expect(Digest(of: "").description == "99aa06d3014798d86001c324468d497f")
    }

    @Test("pieces give the digest of the whole")
    func pieces() {
        var hasher = DigestHasher()
        hasher.update("scenes/")
        hasher.update("rt60")
        #expect(hasher.finalize() == Digest(of: "scenes/rt60"))
    }

    @Test("its text reads back, leading zeros included; other text is refused")
    func textRoundTrip() throws {
        let digest = Digest(high: 1, low: 2)
        #expect(digest.description == "00000000000000010000000000000002")
        #expect(Digest(digest.description) == digest)
        #expect(Digest("0123") == nil)
        #expect(Digest("+000000000000001000000000000000+") == nil)
        let json = try JSONEncoder().encode([digest])
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data(#"["no digest"]"#.utf8))
        }
    }
}
