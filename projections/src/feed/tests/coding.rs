use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;

use proptest::prelude::*;

use super::super::body::{Coding, FeedBody};
use super::super::chunk::{Chunk, Counts, Part};
use super::super::fragment::Fragment;
use super::examples::{feeds, key};

fn body_of(runs: &[Vec<String>]) -> FeedBody {
    let part = |text: &String| Part {
        fragment: Arc::new(Fragment::from_parts(text.clone().into(), "\n".into())),
        counts: Counts { downloads: text.len() as u64, ..Counts::default() },
    };
    FeedBody::new(runs.iter().map(|run| Arc::new(Chunk::new(run.iter().map(part).collect()))).collect())
}

/// Many chunks, among them an empty one and one of a megabyte that does not compress.
fn large_body() -> FeedBody {
    let noise: String = (0u64..200_000)
        .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40)
        .map(|bits| char::from_u32(0x20 + u32::try_from(bits % 0x5000).unwrap()).unwrap())
        .collect();
    let mut runs: Vec<_> = (0..70).map(|run| vec![format!("<a>{run}</a>").repeat(run * 7); 3]).collect();
    runs[20] = Vec::new();
    runs[30] = vec![noise];
    body_of(&runs)
}

#[test]
fn gzip_is_one_member_that_gives_the_plain_feed() {
    let body = large_body();
    let gzip = body.gzip();
    let mut reader = flate2::bufread::GzDecoder::new(&gzip[..]);
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).expect("length and checksum hold");
    assert_eq!(plain, body.identity());
    assert!(reader.into_inner().is_empty(), "nothing after the member");
    assert!(gzip.len() < plain.len());
}

#[test]
fn other_programs_read_the_gzip() {
    let body = large_body();
    let python = "import sys,zlib;d=zlib.decompressobj(31);o=d.decompress(sys.stdin.buffer.read());\
                  assert d.eof and not d.unused_data;sys.stdout.buffer.write(o)";
    if let Some(output) = piped(Command::new("python3").args(["-c", python]), &body.gzip()) {
        assert_eq!(output, body.identity());
    }
    let python = "import sys,gzip;sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
    if let Some(output) = piped(Command::new("python3").args(["-c", python]), &body.gzip()) {
        assert_eq!(output, body.identity());
    }
    if let Some(output) = piped(Command::new("gzip").arg("-t"), &body.gzip()) {
        assert_eq!(output, b"");
    }
}

/// What a program writes that reads `input`; none where the program is not installed.
fn piped(command: &mut Command, input: &[u8]) -> Option<Vec<u8>> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let mut stdin = child.stdin.take().expect("piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).expect("it reads all"));
        child.wait_with_output().expect("it ends")
    });
    assert!(output.status.success(), "{command:?}");
    Some(output.stdout)
}

#[test]
fn brotli_and_zstd_give_the_plain_feed() {
    let body = large_body();
    let mut plain = Vec::new();
    brotli::BrotliDecompress(&mut &body.br()[..], &mut plain).unwrap();
    assert_eq!(plain, body.identity());
    assert_eq!(zstd::stream::decode_all(&body.zstd()[..]).unwrap(), body.identity());
}

#[test]
fn a_coding_is_made_once() {
    let body = large_body();
    for coding in [Coding::Identity, Coding::Gzip, Coding::Brotli, Coding::Zstd] {
        assert_eq!(body.bytes(coding).as_ptr(), body.bytes(coding).as_ptr(), "{coding:?}");
    }
}

#[test]
fn entity_tags_are_strong_and_differ_by_coding_and_content() {
    let body = body_of(&[vec!["a".to_owned()]]);
    let tags =
        [Coding::Identity, Coding::Gzip, Coding::Brotli, Coding::Zstd].map(|coding| body.etag_in(coding));
    for (index, tag) in tags.iter().enumerate() {
        assert!(tag.len() >= 34 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        assert!(tag[1..tag.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{tag}");
        assert!(!tags[..index].contains(tag), "{tag}");
    }
    assert_eq!(tags[0], body.etag());
    assert_eq!(body_of(&[vec!["a".to_owned()]]).etag(), body.etag());
    assert_ne!(body_of(&[vec!["b".to_owned()]]).etag(), body.etag());
    assert_ne!(body_of(&[]).etag(), body.etag());
}

#[test]
fn a_feed_of_nothing_is_well_formed_in_every_coding() {
    let body = feeds(&[]).body(&key("3.40"));
    assert_eq!(body.identity(), "<?xml version = '1.0' encoding = 'UTF-8'?>\n<plugins>\n</plugins>\n");
    let mut plain = String::new();
    flate2::read::GzDecoder::new(&body.gzip()[..]).read_to_string(&mut plain).unwrap();
    assert_eq!(plain, body.identity());
}

proptest! {
    #[test]
    fn any_cut_into_chunks_is_a_valid_gzip(runs in proptest::collection::vec(proptest::collection::vec("\\PC{0,50}", 0..4), 0..8)) {
        let body = body_of(&runs);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&body.gzip()[..]).read_to_end(&mut plain).unwrap();
        prop_assert_eq!(plain, body.identity());
    }
}
