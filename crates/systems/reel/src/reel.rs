//! A film as a file.
//!
//! An animated PNG is a picture that every browser plays. Y4M is pictures one after the other, as every
//! program that makes films reads them: `ffmpeg -i film.y4m film.mp4`.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use png::chunk::{self, ChunkType};
use png::{BitDepth, ColorType, Compression, Encoder};

/// What a film is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many pixels a frame has from side to side.
    pub width: u32,
    /// How many rows of pixels a frame has.
    pub height: u32,
    /// How many frames there are to be, at most.
    pub frames: u32,
    /// How many of them are shown in a second.
    pub a_second: u16,
}

/// Where frames are developed: brought into the form that the film has. That is most of what there is to do
/// to write one, and needs no other frame. So whoever has rendered a frame can do it, and whoever writes the
/// film, in order, is not waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Darkroom {
    shape: Shape,
    is_y4m: bool,
}

/// A frame in the form that its film has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Vec<u8>);

impl Darkroom {
    /// Develops a frame: rows from the top, and of each pixel red, green and blue, a byte each.
    ///
    /// # Panics
    ///
    /// If the frame has not as many pixels as it should have.
    #[must_use]
    pub fn develop(&self, pixels: &[u8]) -> Frame {
        let many = self.shape.width as usize * self.shape.height as usize;
        assert_eq!(pixels.len(), many * 3, "three bytes a pixel");
        Frame(if self.is_y4m { planes(pixels, many) } else { compressed(self.shape, pixels) })
    }
}

/// A film that is being written.
pub struct Reel {
    path: Option<PathBuf>,
    shape: Shape,
    written: u32,
    format: Format,
}

enum Format {
    Apng(Apng),
    Y4m(BufWriter<File>),
}

impl Reel {
    /// Begins a film in this file: Y4M where its name ends so, and else an animated PNG. Without a file,
    /// all of the work is done, and nothing kept.
    ///
    /// # Errors
    ///
    /// A sentence that names the file, where it cannot be written.
    pub fn create(path: Option<&Path>, shape: Shape) -> Result<Reel, String> {
        let format = Format::create(path, shape).map_err(|error| cannot(path, &error))?;
        Ok(Reel { path: path.map(Path::to_owned), shape, written: 0, format })
    }

    /// Where frames for this film are developed.
    #[must_use]
    pub fn darkroom(&self) -> Darkroom {
        Darkroom { shape: self.shape, is_y4m: matches!(self.format, Format::Y4m(_)) }
    }

    /// Writes the next frame.
    ///
    /// # Errors
    ///
    /// A sentence that names the file, where it cannot be written.
    pub fn write(&mut self, frame: &Frame) -> Result<(), String> {
        self.format.write(frame).map_err(|error| cannot(self.path.as_deref(), &error))?;
        self.written += 1;
        Ok(())
    }

    /// Ends the film. Where it has fewer frames than there were to be, it is whole all the same.
    ///
    /// # Errors
    ///
    /// A sentence that names the file, where it cannot be written.
    pub fn finish(self) -> Result<(), String> {
        let Reel { path, shape, written, format } = self;
        let end = || {
            format.finish()?;
            match &path {
                Some(path) if !is_y4m(path) && written < shape.frames => announce(path, written),
                _ => Ok(()),
            }
        };
        end().map_err(|error| cannot(path.as_deref(), &error))
    }
}

impl Format {
    fn create(path: Option<&Path>, shape: Shape) -> io::Result<Format> {
        let Shape { width, height, a_second, .. } = shape;
        if let Some(path) = path.filter(|path| is_y4m(path)) {
            let mut file = BufWriter::new(File::create(path)?);
            writeln!(file, "YUV4MPEG2 W{width} H{height} F{a_second}:1 Ip A1:1 C444")?;
            return Ok(Format::Y4m(file));
        }
        let file: Box<dyn Write + Send> = match path {
            Some(path) => Box::new(File::create(path)?),
            None => Box::new(io::sink()),
        };
        Ok(Format::Apng(Apng::begin(file, shape)?))
    }

    fn write(&mut self, Frame(bytes): &Frame) -> io::Result<()> {
        match self {
            Format::Apng(film) => film.write(bytes),
            Format::Y4m(file) => {
                file.write_all(b"FRAME\n")?;
                file.write_all(bytes)
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Format::Apng(film) => Ok(film.writer.finish()?),
            Format::Y4m(mut file) => file.flush(),
        }
    }
}

/// An animated PNG: a picture whose further frames stand in chunks of their own
/// (<https://www.w3.org/TR/png-3/#apng-frame-based-animation>).
struct Apng {
    writer: png::Writer<BufWriter<Box<dyn Write + Send>>>,
    shape: Shape,
    /// How many chunks there are that are numbered.
    numbered: u32,
}

impl Apng {
    fn begin(file: Box<dyn Write + Send>, shape: Shape) -> io::Result<Apng> {
        let mut writer = encoder(BufWriter::new(file), shape).write_header()?;
        writer.write_chunk(chunk::acTL, &repeated(shape.frames))?;
        Ok(Apng { writer, shape, numbered: 0 })
    }

    /// Writes a frame's compressed pixels, after what says how large it is and how long it is shown. The
    /// first one is the picture that a program shows that knows of no films.
    fn write(&mut self, compressed: &[u8]) -> io::Result<()> {
        let Shape { width, height, a_second, .. } = self.shape;
        let is_first = self.numbered == 0;
        let of_it = [width, height, 0, 0].map(u32::to_be_bytes).concat(); // it begins at the corner
        let shown = [1_u16, a_second].map(u16::to_be_bytes).concat(); // for one of so many parts of a second
        let instead = [0, 0]; // of the one before
        self.write_numbered(chunk::fcTL, &[&of_it[..], &shown, &instead].concat())?;
        match is_first {
            true => Ok(self.writer.write_chunk(chunk::IDAT, compressed)?),
            false => self.write_numbered(chunk::fdAT, compressed),
        }
    }

    fn write_numbered(&mut self, name: ChunkType, data: &[u8]) -> io::Result<()> {
        let number = self.numbered.to_be_bytes();
        self.numbered += 1;
        Ok(self.writer.write_chunk(name, &[&number[..], data].concat())?)
    }
}

/// What says in an animated PNG how many frames it has, and that it is shown again and again.
fn repeated(frames: u32) -> [u8; 8] {
    (u64::from(frames) << 32).to_be_bytes()
}

/// What writes a PNG of a film's frames.
fn encoder<W: Write>(file: W, Shape { width, height, .. }: Shape) -> Encoder<'static, W> {
    let mut encoder = Encoder::new(file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder
}

/// A frame's pixels as a PNG has them: a picture is made of them, and its data taken out.
fn compressed(shape: Shape, pixels: &[u8]) -> Vec<u8> {
    let mut picture = Vec::new();
    let written = encoder(&mut picture, shape).write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    written.expect("there is memory, and it has as many pixels as it should");
    data(&picture)
}

/// The data of a PNG: what its chunks of that name have, one after the other
/// (<https://www.w3.org/TR/png-3/#5Chunk-layout>).
fn data(mut picture: &[u8]) -> Vec<u8> {
    const SIGNATURE: usize = 8;
    const SUM: usize = 4;
    let mut data = Vec::new();
    picture = &picture[SIGNATURE..];
    while let Some((length, rest)) = picture.split_first_chunk() {
        let (name, rest) = rest.split_at(4);
        let (content, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        if name == chunk::IDAT.0 {
            data.extend_from_slice(content);
        }
        picture = &rest[SUM..];
    }
    data
}

/// Whether a file is to be Y4M, by its name.
fn is_y4m(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("y4m"))
}

/// The pixels as television has them (ITU-R BT.601): all brightnesses, then all blues, then all reds.
fn planes(frame: &[u8], pixels: usize) -> Vec<u8> {
    const WEIGHTS: [(f64, [f64; 3]); 3] = [
        (16.0, [65.481, 128.553, 24.966]),
        (128.0, [-37.797, -74.203, 112.0]),
        (128.0, [112.0, -93.786, -18.214]),
    ];
    let mut planes = Vec::with_capacity(pixels * 3);
    for (least, weights) in WEIGHTS {
        planes.extend(frame.chunks_exact(3).map(|pixel| {
            let parts = pixel.iter().zip(weights).map(|(&byte, it)| f64::from(byte) / 255.0 * it);
            (least + parts.sum::<f64>()).round() as u8
        }));
    }
    planes
}

/// Says in an animated PNG how many frames it has. The number stands in its first chunk but one
/// (<https://www.w3.org/TR/png-3/#acTL-chunk>).
fn announce(path: &Path, frames: u32) -> io::Result<()> {
    const CHUNK: u64 = 8 + 25 + 4; // after the signature, the picture's header, and this chunk's length
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let mut chunk = [0; 12]; // its name, the frames, and how often they are shown
    file.seek(SeekFrom::Start(CHUNK))?;
    file.read_exact(&mut chunk)?;
    if chunk[..4] != chunk::acTL.0 {
        return Err(io::Error::other("it is no animated PNG any more"));
    }
    chunk[4..].copy_from_slice(&repeated(frames));
    file.seek(SeekFrom::Start(CHUNK))?;
    file.write_all(&chunk)?;
    file.write_all(&crc32fast::hash(&chunk).to_be_bytes())
}

/// Says what is wrong with a file.
fn cannot(path: Option<&Path>, error: &io::Error) -> String {
    let path = path.map_or_else(|| "the film".into(), Path::to_string_lossy);
    format!("{path} cannot be written: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SHAPE: Shape = Shape { width: 4, height: 2, frames: 3, a_second: 12 };

    /// A film of so many frames of three in this file.
    fn film(path: &Path, frames: u8) -> Result<(), String> {
        let mut reel = Reel::create(Some(path), SHAPE)?;
        for number in 0..frames {
            reel.write(&reel.darkroom().develop(&[number * 100; 24]))?;
        }
        reel.finish()
    }

    /// The frames of an animated PNG, by somebody else's word.
    fn frames(path: &Path) -> Vec<u8> {
        let file = io::BufReader::new(File::open(path).expect("a file"));
        let mut reader = png::Decoder::new(file).read_info().expect("PNG");
        let announced = reader.info().animation_control().expect("an animated PNG").num_frames;
        let mut pixels = vec![0; 24];
        let frames = (0..announced).map(|_| {
            reader.next_frame(&mut pixels).expect("a frame");
            assert!(pixels.iter().all(|&byte| byte == pixels[0]), "{pixels:?}");
            pixels[0]
        });
        frames.collect()
    }

    #[test]
    fn what_is_written_can_be_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("film.png");
        film(&path, 3).expect("room for a short film");
        assert_eq!(frames(&path), [0, 100, 200]);
    }

    #[test]
    fn a_film_that_ends_early_is_a_shorter_film() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("film.png");
        film(&path, 2).expect("room for a short film");
        assert_eq!(frames(&path), [0, 100]);
    }

    #[test]
    fn other_programs_are_given_brightness_and_colours() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("film.y4m");
        film(&path, 1).expect("room for a short film");
        let file = fs::read(&path).expect("a file");
        let head = b"YUV4MPEG2 W4 H2 F12:1 Ip A1:1 C444\nFRAME\n";
        assert_eq!(&file[..head.len()], head);
        // Black is 16 of 235, and has no colour.
        assert_eq!(&file[head.len()..], [[16; 8], [128; 8], [128; 8]].concat());
        let white = planes(&[255; 3], 1);
        let red = planes(&[255, 0, 0], 1);
        assert_eq!((white, red), (vec![235, 128, 128], vec![81, 90, 240]));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_in_a_sentence() {
        let error = film(Path::new("/dev/full"), 3).expect_err("there is no room");
        assert!(error.contains("/dev/full cannot be written: No space left"), "{error}");
    }
}
