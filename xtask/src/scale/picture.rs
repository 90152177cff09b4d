//! The curves as a picture, and as a page with the runs that they rest on.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use draw::page::{Exhibit, Page, Text};
use draw::svg::chart::{self, Axis, Chart, Scale};
use scale::{CORES, Curve};

use super::scaled::Scaled;
use crate::examine::Conditions;
use crate::report::of_record;
use crate::series::Series;
use crate::show::thousands;

const TITLE: &str = "What more cores could bring";

/// Draws the curves, with the two laws where there is one program only.
pub(super) fn draw(scaled: &[Scaled]) -> String {
    let ideal = curve("as many times as cores", None, |cores| cores as f64);
    let mut curves = vec![ideal];
    if let [Scaled { curve: Some(only), .. }] = scaled {
        curves.push(curve("Gustafson", None, |cores| only.gustafson(cores)));
        curves.push(curve("Amdahl", None, |cores| only.amdahl(cores)));
    }
    for (scaled, colour) in scaled.iter().zip(0..) {
        if let Some(known) = &scaled.curve {
            let faster = |cores| speed_up(known, cores);
            curves.push(curve(&scaled.name, Some(colour), faster));
        }
    }
    let title = match scaled {
        [only] => format!("{TITLE}: {}", only.name),
        _ => TITLE.to_owned(),
    };
    let sentences: Vec<String> = scaled.iter().filter_map(sentence).collect();
    let description = sentences.join(" ");
    let of = "times as fast as the same on one core, by the schedule of what was recorded";
    let [across, up] = ["cores", of].map(|of| Axis { of, scale: Scale::Doubling });
    chart::draw(&Chart { title: &title, description: &description, across, up, curves })
}

fn curve(name: &str, colour: Option<usize>, times: impl Fn(usize) -> f64) -> chart::Curve {
    let points = CORES.map(|cores| (cores as f64, times(cores).max(1.0)));
    chart::Curve { name: name.to_owned(), points: points.to_vec(), colour, is_limit: false }
}

fn speed_up(curve: &Curve, cores: usize) -> f64 {
    curve.time_on(cores).map_or(1.0, |time| curve.speed_up(time as f64))
}

/// A curve in words.
fn sentence(scaled: &Scaled) -> Option<String> {
    let curve = scaled.curve.as_ref()?;
    let [two, most] = [2, 1024].map(|cores| speed_up(curve, cores));
    Some(format!("{}: {two:.1} times as fast on 2 cores, {most:.1} on 1,024.", scaled.name))
}

/// The first run of each program, for a page.
pub(super) fn exhibits(series: &[Series], conditions: &Conditions) -> Result<Vec<Exhibit>> {
    let shown = series.iter().filter(|series| !series.runs.is_empty());
    let mut exhibits: Vec<Exhibit> = Vec::new();
    for series in shown {
        let exhibit = of_record(series, None, conditions)?;
        if exhibits.last().is_none_or(|last| last.title != exhibit.title) {
            exhibits.push(exhibit);
        }
    }
    Ok(exhibits)
}

/// Writes a page: the picture, the numbers, and the runs.
///
/// # Errors
///
/// If the file cannot be written.
pub(super) fn save(path: &Path, scaled: &[Scaled], exhibits: Vec<Exhibit>) -> Result<()> {
    let compared = [0, exhibits.len().saturating_sub(1)];
    let overview = overview(scaled);
    let on_paper = compared.to_vec();
    Page { title: TITLE, overview, exhibits, compared, on_paper, largest: 500_000 }.save(path)
}

/// The picture and the numbers, in HTML.
fn overview(scaled: &[Scaled]) -> String {
    let mut page = format!(
        "<p><img alt=\"{}\" style=\"max-width:100%\" src=\"data:image/svg+xml,{}\"></p>\n\
         <table><thead><tr><th>cores</th>",
        Text(scaled.iter().filter_map(sentence).collect::<Vec<_>>().join(" ")),
        encoded(&draw(scaled))
    );
    for cores in CORES {
        write!(page, "<th>{}</th>", thousands(cores)).expect("memory");
    }
    page.push_str("</tr></thead><tbody>");
    for Scaled { name, curve, .. } in scaled {
        let Some(curve) = curve else { continue };
        write!(page, "<tr><th>{}</th>", Text(name)).expect("memory");
        for cores in CORES {
            write!(page, "<td>{:.1}</td>", speed_up(curve, cores)).expect("memory");
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table>\n");
    page
}

/// A picture as a part of an address.
fn encoded(picture: &str) -> String {
    let mut address = String::with_capacity(picture.len() * 2);
    for byte in picture.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'-' | b'.' | b'=' | b'/' | b':' => {
                address.push(byte.into());
            }
            byte => write!(address, "%{byte:02x}").expect("memory"),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanes::script::both;

    #[test]
    fn the_page_has_the_picture_and_a_row_for_each_program() {
        let scaled = [Scaled::of_trace("a <b>", &both())];
        let overview = overview(&scaled);
        assert!(overview.contains("<th>1,024</th>") && overview.contains("<th>a &lt;b&gt;</th>"));
        assert!(!overview.contains("<svg"), "it is in an address");
    }

    #[test]
    fn one_program_has_the_laws_beside_it_and_several_have_not() {
        let one = || Scaled::of_trace("one", &both());
        assert!(draw(&[one()]).contains("Amdahl"));
        assert!(!draw(&[one(), one()]).contains("Amdahl"));
    }
}
