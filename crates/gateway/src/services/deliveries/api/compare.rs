//! What we delivered beside what stands in the gradebook, one person at a time (grades.md GR-27).

use serde_json::Value;

/// Platforms keep grades with two or more places of a percentage.
const CLOSE: f64 = 0.000_06;

/// What the gradebook says of what we delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// It has it.
    Same,
    /// It has no grade.
    Missing,
    /// It has an earlier grade of ours: the platform lost the later one, as a restored backup does.
    Different,
    /// It has a grade that we never delivered: someone changed it there.
    Overridden,
}

/// A grade as a part of its maximum; `None` if there is none.
pub(super) fn portion(given: &Value, maximum: &Value) -> Option<f64> {
    portion_of(given.as_f64(), maximum.as_f64())
}

/// The same of numbers.
pub(super) fn portion_of(given: Option<f64>, maximum: Option<f64>) -> Option<f64> {
    let (given, maximum) = (given?, maximum?);
    (maximum > 0.0).then_some(given / maximum)
}

/// Compares what was delivered, the latest first, with the grade that stands there.
pub(super) fn compare(ours: &[Option<f64>], theirs: Option<f64>) -> Compared {
    let (last, earlier) = match ours {
        [] => return Compared::Same,
        [last, earlier @ ..] => (*last, earlier),
    };
    let is = |ours: Option<f64>| match (ours, theirs) {
        (None, None) => true,
        // Some platforms cut what is above the maximum.
        (Some(ours), Some(theirs)) => close(ours, theirs) || close(ours.min(1.0), theirs),
        _ => false,
    };
    match theirs {
        _ if is(last) => Compared::Same,
        None => Compared::Missing,
        Some(_) if earlier.iter().any(|earlier| is(*earlier)) => Compared::Different,
        Some(_) => Compared::Overridden,
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= CLOSE
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("GR-27")]
    #[test]
    fn a_grade_is_compared_with_all_that_was_delivered() {
        let ours = [Some(0.8), Some(0.5)];
        for (theirs, expected) in [
            (Some(0.8), Compared::Same),
            (Some(0.800_04), Compared::Same),
            (None, Compared::Missing),
            (Some(0.5), Compared::Different),
            (Some(0.9), Compared::Overridden),
        ] {
            assert_eq!(compare(&ours, theirs), expected, "{theirs:?}");
        }
        assert_eq!(compare(&[Some(1.2)], Some(1.0)), Compared::Same);
        // A grade that was cleared.
        let cleared = [None, Some(0.5)];
        assert_eq!(compare(&cleared, None), Compared::Same);
        assert_eq!(compare(&cleared, Some(0.5)), Compared::Different);
    }

    #[test]
    fn a_grade_is_a_part_of_its_maximum() {
        assert_eq!(portion(&json!(8), &json!(10)), Some(0.8));
        assert_eq!(portion(&json!(8), &json!(0)), None);
        assert_eq!(portion(&Value::Null, &json!(10)), None);
    }
}
