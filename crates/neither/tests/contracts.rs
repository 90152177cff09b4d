//! The contracts of this chapter, put to the test.

#[test]
fn every_contract_accepts_its_legal_orders_and_catches_two_swapped_lines() {
    lab::lesson::assert_contracts_hold_water(&neither::CHAPTER);
}
